// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where each platform thread's time went, second by second.
 *
 * <p>The operating system says exactly how long a thread ran and how long it waited for a core. What is left of the second is shared out
 * in the order of how well it is known: waits, sleeps and I/O with a begin and an end; then the state at the snapshot. A thread that the
 * snapshot found running is given the state it was most often found in otherwise. The rest is unknown and shown as such.
 */
@SuppressWarnings("EnumOrdinal") // columns of arrays that live no longer than one query
final class ThreadAccounts {
    private static final long SECOND = 1_000_000_000L;

    private final Memory memory;
    private final Range range;
    private final Map<Long, Sum> sums = new HashMap<>();

    /** One thread's sums over the range. */
    static final class Sum {
        final long[] nanos = new long[Account.Part.values().length];
        final int[] letters = new int[128];
        long afterRunning;
        long voluntary;
        long involuntary;
        double osSeconds;
        long seconds;
        char last = ' ';

        Account account() {
            char usual = ' ';
            for (char letter : new char[] {'W', 'S', 'I', 'L', 'B'}) {
                boolean more = usual == ' ' ? letters[letter] > 0 : letters[letter] > letters[usual];
                usual = more ? letter : usual;
            }
            long[] all = nanos.clone();
            Account.Part rest = usual == ' ' ? Account.Part.UNKNOWN : Parts.ofLetter(usual);
            all[rest.ordinal()] += afterRunning;
            Map<Account.Part, Long> parts = new EnumMap<>(Account.Part.class);
            for (Account.Part part : Account.Part.values()) {
                parts.put(part, all[part.ordinal()]);
            }
            return new Account(parts);
        }
    }

    ThreadAccounts(Memory memory, Range range) {
        this.memory = memory;
        this.range = range;
    }

    Map<Long, Sum> build() {
        Letters letters = new Letters(memory);
        Spans spans = new Spans(memory, range);
        long first = range.from().getEpochSecond();
        letters.start(first);
        for (long second = first; second < first + QueueRows.seconds(range); second++) {
            Second known = memory.second(second);
            Map<Long, Character> now = letters.at(second, known, Map.of());
            Map<Long, Integer> osRows = osRows(known);
            for (Map.Entry<Long, Character> each : now.entrySet()) {
                if (!memory.threads.isOwn(each.getKey())) {
                    Sum sum = sums.computeIfAbsent(each.getKey(), id -> new Sum());
                    add(sum, each.getKey(), each.getValue(), known, osRows.get(each.getKey()), spans, second);
                }
            }
        }
        return sums;
    }

    private void add(
            Sum sum,
            long thread,
            char letter,
            @Nullable Second known,
            @Nullable Integer osRow,
            Spans spans,
            long second) {
        sum.seconds++;
        sum.last = letter;
        sum.letters[letter]++;
        long ran = 0;
        long queued = 0;
        Second.OsCells os = known == null ? null : known.os;
        if (os != null && osRow != null) {
            double perSecond = 1 / os.intervalSeconds;
            ran = (long) (Math.max(0, os.ranMicros[osRow]) * 1_000L * perSecond);
            queued = (long) (Math.max(0, os.queuedMicros[osRow]) * 1_000L * perSecond);
            sum.voluntary += Math.max(0, os.voluntary[osRow]);
            sum.involuntary += Math.max(0, os.involuntary[osRow]);
            sum.osSeconds += os.intervalSeconds;
        } else if (known != null && known.cpu.containsKey(thread)) {
            ran = (long) (known.cpu.get(thread) * SECOND);
        }
        ran = Math.min(SECOND, ran);
        queued = Math.min(SECOND - ran, queued);
        sum.nanos[Account.Part.ON_CORE.ordinal()] += ran;
        sum.nanos[Account.Part.RUN_QUEUE.ordinal()] += queued;
        long off = SECOND - ran - queued;
        boolean runnable = letter == 'R' || letter == 'N';
        if (runnable) {
            off -= take(sum, Account.Part.PAUSE, Math.min(off, spans.pause(second)));
            long throttled = os == null ? 0 : Math.max(0, os.throttledNanos);
            off -= take(sum, Account.Part.THROTTLED, Math.min(off, throttled));
        }
        off -= known(sum, spans.parts(second).get(thread), off);
        if (runnable) {
            sum.afterRunning += off;
        } else {
            sum.nanos[Parts.ofLetter(letter).ordinal()] += off;
        }
    }

    private static long take(Sum sum, Account.Part part, long nanos) {
        sum.nanos[part.ordinal()] += nanos;
        return nanos;
    }

    /** Shares out waits with a begin and an end, shortened in proportion if they say more than the time off the core. */
    private static long known(Sum sum, long @Nullable [] parts, long off) {
        if (parts == null) {
            return 0;
        }
        long all = 0;
        for (long nanos : parts) {
            all += nanos;
        }
        double scale = all <= off ? 1 : (double) off / all;
        long taken = 0;
        for (int i = 0; i < parts.length; i++) {
            long nanos = (long) (parts[i] * scale);
            sum.nanos[i] += nanos;
            taken += nanos;
        }
        return taken;
    }

    private Map<Long, Integer> osRows(@Nullable Second second) {
        Map<Long, Integer> rows = new HashMap<>();
        Second.OsCells os = second == null ? null : second.os;
        if (os != null) {
            for (int i = 0; i < os.osIds.length; i++) {
                ThreadTable.Entry entry = memory.threads.byOsId(os.osIds[i]);
                if (entry != null) {
                    rows.put(entry.ref.id(), i);
                }
            }
        }
        return rows;
    }

    /** Share of a second that a thread was runnable without a core; 0 if not known. */
    static double runQueueShare(Second second, long osId) {
        Second.OsCells os = second.os;
        if (os != null && osId >= 0) {
            for (int i = 0; i < os.osIds.length; i++) {
                if (os.osIds[i] == osId) {
                    return Math.min(1, Math.max(0, os.queuedMicros[i]) / 1e6 / os.intervalSeconds);
                }
            }
        }
        return 0;
    }
}
