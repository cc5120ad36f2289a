// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave.idiom;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All ways of sharing that are ordered: whatever is reported here is wrong. */
public final class Correct {
    private Correct() {}

    /** @param arguments names of the idioms to run; all of them if there are none */
    public static void main(String[] arguments) throws Exception {
        Map<String, Idiom> all = new LinkedHashMap<>(Ordered.all());
        all.putAll(HandOffs.all());
        all.putAll(Tasks.all());
        all.putAll(Signals.all());
        all.putAll(Services.all());
        all.putAll(WholeSteps.all());
        if (arguments.length > 0) {
            all.keySet().retainAll(List.of(arguments));
        }
        Idiom.runAll(all);
        Thread.sleep(600_000);
    }
}
