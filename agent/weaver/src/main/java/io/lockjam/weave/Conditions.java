// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import static net.bytebuddy.matcher.ElementMatchers.namedOneOf;

/** Methods that wait on a condition on behalf of the object they belong to. */
final class Conditions {
    private Conditions() {}

    /** All methods of these names; their awaits count as waits for the object in the given mode. */
    static Preceded awaits(int mode, String... names) {
        return new Preceded(namedOneOf(names), new CallSite.ConditionAwait(mode));
    }
}
