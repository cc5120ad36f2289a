// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import io.lockjam.model.ThreadRef;
import java.time.Instant;
import java.util.List;

/**
 * The worst state of each platform thread in each second.
 *
 * <p>Letters, from harmless to worst: {@code ' '} no such thread, {@code ?} not known, {@code W} waits for work, {@code S} asleep,
 * {@code R} runs, {@code I} in I/O, {@code N} ready but without a core, {@code L} held up by a java.util.concurrent lock or a
 * signal, {@code B} blocked on a monitor, {@code D} deadlocked. Small letter: held up for less than a fifth of the second, but no less than a fiftieth: {@code b} and
 * {@code l} of a thread that otherwise runs, {@code m} and {@code k} of one that otherwise waits for work, for I/O or sleeps.
 *
 * @param from begin of the first second
 * @param seconds letters in each row
 * @param observers rows of the threads that are there because of us, in no other count
 */
public record Lanes(Instant from, int seconds, List<Lane> rows, List<Lane> observers) {
    /**
     * One thread.
     *
     * @param slot number of the thread's row, stable while it lives, reused later
     * @param states one letter a second
     */
    public record Lane(int slot, ThreadRef thread, String group, String states) {}
}
