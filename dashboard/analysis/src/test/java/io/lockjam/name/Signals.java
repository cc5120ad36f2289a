// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

/** Methods that wait for a signal and give one, with the code that {@link SignalCodeTest} reads. */
@SuppressWarnings("WaitNotInLoop") // one of them is to be found
final class Signals {
    private boolean ready;

    synchronized void waitsUnlessReady() throws InterruptedException {
        if (!ready) {
            wait();
        }
        ready = false;
    }

    synchronized void waitsWhileNotReady() throws InterruptedException {
        while (!ready) {
            wait();
        }
        notify();
    }

    void worksForEver() throws InterruptedException {
        while (!Thread.interrupted()) {
            waitsUnlessReady();
        }
    }

    void loopsBefore(int times) throws InterruptedException {
        for (int i = 0; i < times; i++) {
            ready = !ready;
        }
        waitsUnlessReady();
    }

    synchronized void waitsAndTells() throws InterruptedException {
        while (!ready) {
            wait();
        }
        tell();
    }

    private void tell() {
        notify();
    }

    synchronized void wakesAll() {
        ready = true;
        notifyAll();
    }
}
