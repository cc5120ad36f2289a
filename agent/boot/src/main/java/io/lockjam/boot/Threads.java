// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

/** Facts of a thread that no application can overrule. */
final class Threads {
    private Threads() {}

    /** Tells threads apart; Thread.getId may be overridden until 19 and threadId is not there before. */
    static long id(Thread thread) {
        return System.identityHashCode(thread);
    }
}
