// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo;

import java.io.IOException;

/** A target for windows of probes: two threads count without a lock, in two classes, until standard input ends. */
public final class TwoCounters {
    private final Other other = new Other();
    private int count;

    private TwoCounters() {}

    /** The class that nobody changes. */
    static final class Other {
        private int count;

        void add() {
            count++;
        }
    }

    /** Prints "ready" first, and at the end a text that another agent may change. */
    public static void main(String[] arguments) throws IOException {
        TwoCounters counters = new TwoCounters();
        for (int i = 0; i < 2; i++) {
            Thread thread = new Thread(counters::work, "counter-" + i);
            thread.setDaemon(true);
            thread.start();
        }
        System.out.println("ready");
        while (System.in.read() >= 0) {
            // until the test closes it
        }
        System.out.println(counters.count > 0 && counters.other.count > 0 ? text() : "stuck");
    }

    private static String text() {
        return "first-text";
    }

    private void work() {
        while (true) {
            add();
            other.add();
            Thread.onSpinWait();
        }
    }

    private void add() {
        count++;
    }
}
