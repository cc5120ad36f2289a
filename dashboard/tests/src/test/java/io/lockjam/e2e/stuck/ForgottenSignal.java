// SPDX-License-Identifier: Apache-2.0
package io.lockjam.e2e.stuck;

/** A gate whose opening wakes nobody. */
final class ForgottenSignal {
    private boolean open;

    static void start() throws InterruptedException {
        ForgottenSignal gate = new ForgottenSignal();
        new Thread(gate::pass, "forgotten-guest").start();
        gate.open();
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

    private void open() throws InterruptedException {
        Thread.sleep(500);
        synchronized (this) {
            open = true;
        }
    }
}
