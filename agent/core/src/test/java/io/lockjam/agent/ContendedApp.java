// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import java.util.Queue;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A target for the agent: two threads take turns at a lock, a third fills a queue that nobody empties, and a timer ticks, until
 * standard input ends. Prints "ready" first.
 */
final class ContendedApp {
    private static final ReentrantLock LOCK = new ReentrantLock();

    private static final Queue<Object> QUEUE = new LinkedBlockingQueue<>();

    private ContendedApp() {}

    public static void main(String[] arguments) throws Exception {
        for (int i = 0; i < 2; i++) {
            Thread worker = new Thread(ContendedApp::work, "worker-" + i);
            worker.setDaemon(true);
            worker.start();
        }
        Thread filler = new Thread(ContendedApp::fill, "filler");
        filler.setDaemon(true);
        filler.start();
        new Timer("ticker", true).schedule(tick(), 0, 20);
        System.out.println("ready");
        while (System.in.read() >= 0) {
            // until the test closes it
        }
        for (Thread each : Thread.getAllStackTraces().keySet()) {
            if (each.getName().startsWith("Lockjam")) {
                each.join(10_000); // it has answered, but may not have ended yet
            }
            if (each.getName().startsWith("Lockjam") && each.isAlive()) {
                System.out.println("left behind: " + each.getName());
            }
        }
        System.out.println("done");
        System.exit(0);
    }

    private static TimerTask tick() {
        return new TimerTask() {
            @Override
            public void run() {}
        };
    }

    private static void fill() {
        try {
            while (true) {
                QUEUE.add(QUEUE);
                Thread.sleep(5);
            }
        } catch (InterruptedException ended) {
            return;
        }
    }

    private static void work() {
        while (true) {
            LOCK.lock();
            try {
                Thread.sleep(1);
            } catch (InterruptedException ended) {
                return;
            } finally {
                LOCK.unlock();
            }
        }
    }
}
