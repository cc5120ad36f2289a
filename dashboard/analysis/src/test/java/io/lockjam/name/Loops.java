// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Loops that look, and loops that work; read from their class file, never run. */
final class Loops {
    private final Queue<Integer> jobs = new ConcurrentLinkedQueue<>();
    private final Map<String, Integer> prices = new HashMap<>();
    private volatile boolean done;
    private static volatile int turn;

    @SuppressWarnings("UnusedVariable") // written, so that the loop works
    private long sum;

    @Nullable
    Integer remembers(String key) {
        Integer known = prices.get(key);
        if (known == null) {
            prices.put(key, 1);
        }
        return known;
    }

    void waitsForIt(String key) {
        while (!prices.containsKey(key)) {
            Thread.onSpinWait();
        }
    }

    void spins() {
        while (!done) {
            Thread.onSpinWait();
        }
    }

    void spinsForItsTurn(int me) {
        while (turn != me) {
            Thread.onSpinWait();
        }
    }

    void takesWhatComes() throws InterruptedException {
        while (step(turn) > 0) {
            TimeUnit.MICROSECONDS.sleep(100);
        }
    }

    private int step(int from) {
        sum += from;
        return from - 1;
    }

    void sleepsAndLooks() throws InterruptedException {
        while (!done) {
            TimeUnit.MICROSECONDS.sleep(100);
        }
    }

    void setsTheFlagAgain() {
        while (!done) {
            try {
                Thread.sleep(100);
            } catch (InterruptedException asked) {
                Thread.currentThread().interrupt();
            }
        }
    }

    void leavesWhenInterrupted() {
        while (!done) {
            try {
                Thread.sleep(100);
            } catch (InterruptedException asked) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    void setsTheFlagAfterTheLoop() {
        boolean interrupted = false;
        while (!done) {
            try {
                Thread.sleep(100);
            } catch (InterruptedException asked) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    void ignores() {
        while (!done) {
            try {
                Thread.sleep(100);
            } catch (InterruptedException asked) {
                work();
            }
        }
    }

    void looksOnce() throws InterruptedException {
        if (jobs.poll() == null) {
            Thread.sleep(1);
        } else {
            work();
        }
    }

    void computes() {
        for (int i = 0; i < 1_000_000; i++) {
            sum += i;
        }
    }

    void pacesItself() throws InterruptedException {
        while (!done) {
            work();
            Thread.sleep(1);
        }
    }

    void onlySleeps() throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(1);
    }

    void looksAndPauses() throws InterruptedException {
        while (jobs.peek() == null) {
            pause(1);
        }
    }

    void worksAndPauses() throws InterruptedException {
        while (!done) {
            work();
            pause(1);
        }
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException ended) {
            throw new IllegalStateException(ended);
        }
    }

    int searches(int[] all, int wanted) {
        int at = 0;
        while (at < all.length && all[at] != wanted) {
            at++;
        }
        return at;
    }

    private void work() {
        sum++;
    }
}
