// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave.idiom;

/** All ways of sharing that are ordered: whatever is reported here is wrong. */
public final class Correct {
    private Correct() {}

    public static void main(String[] arguments) throws Exception {
        String part = arguments.length == 0 ? "all" : arguments[0];
        if (!part.equals("tasks")) {
            Idiom.runAll(Ordered.all());
            Idiom.runAll(HandOffs.all());
        }
        if (!part.equals("locks")) {
            Idiom.runAll(Tasks.all());
        }
        Thread.sleep(600_000);
    }
}
