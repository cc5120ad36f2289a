// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import io.lockjam.model.Stack;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * The threads that are there because of us, for who asks to see them: the agent's and the Flight Recorder's.
 *
 * <p>The agent's snapshots leave them out, so what is known of them is what the operating system counts: time on a core and time
 * without one.
 */
final class ObserverRows {
    /** One name for all of them, so that they are told from the application's at a glance. */
    private static final String GROUP = "Lockjam and JFR";

    private static final long SECOND = 1_000_000_000L;
    private static final double MOSTLY = 0.2;
    private static final double READY_SHARE = 0.5;

    private final Memory memory;
    private final Range range;

    ObserverRows(Memory memory, Range range) {
        this.memory = memory;
        this.range = range;
    }

    List<Lanes.Lane> lanes() {
        return rows((entry, letters) -> new Lanes.Lane(entry.slot, entry.ref, GROUP, new String(letters)));
    }

    List<ThreadWindow> threads() {
        return rows(this::window);
    }

    private interface Shape<T> {
        T of(ThreadTable.Entry entry, char[] letters);
    }

    /** Those that the operating system told of in the range. */
    private <T> List<T> rows(Shape<T> shape) {
        List<T> rows = new ArrayList<>();
        memory.threads.entries().values().stream()
                .filter(entry -> memory.threads.isObserver(entry.ref))
                .sorted(Comparator.comparing((ThreadTable.Entry entry) -> entry.slot))
                .forEach(entry -> {
                    char[] letters = letters(entry.ref.osId());
                    if (!new String(letters).isBlank()) {
                        rows.add(shape.of(entry, letters));
                    }
                });
        return rows;
    }

    private char[] letters(long osId) {
        char[] letters = new char[QueueRows.seconds(range)];
        Arrays.fill(letters, ' ');
        for (Second second : memory.in(range)) {
            int row = second.os == null ? -1 : second.os.row(osId);
            if (second.os != null && row >= 0) {
                boolean ready = second.os.queuedNanos(row) >= READY_SHARE * SECOND;
                boolean runs = second.os.ranNanos(row) >= MOSTLY * SECOND;
                letters[(int) (second.epochSecond - range.from().getEpochSecond())] = ready ? 'N' : runs ? 'R' : 'W';
            }
        }
        return letters;
    }

    private ThreadWindow window(ThreadTable.Entry entry, char[] letters) {
        ThreadSum sum = new ThreadSum();
        for (Second second : memory.in(range)) {
            int row = second.os == null ? -1 : second.os.row(entry.ref.osId());
            if (second.os != null && row >= 0) {
                long ran = Math.min(SECOND, second.os.ranNanos(row));
                long queued = Math.min(SECOND - ran, second.os.queuedNanos(row));
                sum.add(Account.Part.ON_CORE, ran);
                sum.add(Account.Part.RUN_QUEUE, queued);
                sum.add(Account.Part.UNKNOWN, SECOND - ran - queued);
                sum.switches(second.os, row);
                sum.seconds++;
            }
        }
        Account account = sum.account();
        String seen = new String(letters).stripTrailing();
        return new ThreadWindow(
                entry.ref,
                GROUP,
                entry.ended == null ? seen.charAt(seen.length() - 1) : ' ',
                entry.started,
                entry.ended,
                Duration.ofSeconds(sum.seconds),
                account,
                account.share(Account.Part.ON_CORE),
                sum.voluntaryPerSecond(),
                sum.involuntaryPerSecond(),
                account.share(Account.Part.RUN_QUEUE),
                null,
                Stack.EMPTY,
                entry.createdAt);
    }
}
