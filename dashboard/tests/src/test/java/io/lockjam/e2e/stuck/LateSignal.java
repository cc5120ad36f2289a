// SPDX-License-Identifier: Apache-2.0
package io.lockjam.e2e.stuck;

/** A gate that is opened late. */
final class LateSignal {
    private boolean open;

    static void start() {
        LateSignal gate = new LateSignal();
        new Thread(gate::pass, "sound-guest").start();
        new Thread(gate::open, "sound-porter").start();
    }

    private synchronized void pass() {
        try {
            while (!open) {
                wait();
            }
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
        }
    }

    private void open() {
        Stuck.sleep();
        synchronized (this) {
            open = true;
            notifyAll();
        }
    }
}
