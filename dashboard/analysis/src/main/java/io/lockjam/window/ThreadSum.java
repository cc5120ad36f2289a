// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One thread's time over a range, part by part.
 *
 * <p>A rest comes from waits too short to be told singly, in a second whose snapshot found the thread running. It goes to the kind of wait in which
 * the thread is known to have been for most of its time, by events, snapshots and samples in native methods, if that is a quarter as much
 * as the rest can be. Snapshots find a thread in its waits as often as they last, so what they would have found does not hide in the rest
 * but for the share of the time that the thread was on a core or waited for one; only of native methods the JVM says that it runs. Else
 * the rest is what was sampled most in native methods, or unknown.
 */
@SuppressWarnings("EnumOrdinal") // columns of arrays that live no longer than one query
final class ThreadSum {
    private static final double EXPLAINS = 0.25;
    private static final Account.Part[] WAITS = {
        Account.Part.LOCK, Account.Part.QUEUE, Account.Part.IO, Account.Part.ASLEEP, Account.Part.IDLE
    };

    private final long[] nanos = new long[Account.Part.values().length];
    private final long[] found = new long[nanos.length];
    private final long[] seen = new long[nanos.length];
    private boolean scheduled;
    private long rest;
    private double voluntary;
    private double involuntary;
    private double switchSeconds;
    long seconds;
    char last = ' ';

    /** Returns {@code more}. */
    long add(Account.Part part, long more) {
        nanos[part.ordinal()] += more;
        return more;
    }

    /** Adds the waits of a second, shortened in proportion if they say more than the time off the core; returns what was added. */
    long add(Spent spent, long thread, long off) {
        long all = 0;
        for (Account.Part part : WAITS) {
            all += spent.nanos(thread, part);
        }
        double scale = all <= off ? 1 : (double) off / all;
        long taken = 0;
        for (Account.Part part : WAITS) {
            taken += add(part, (long) (spent.nanos(thread, part) * scale));
        }
        return taken;
    }

    /**
     * Adds what no event explains.
     *
     * @param state the part that the snapshot found the thread in; null if it ran or nothing is known
     */
    void rest(Account.@Nullable Part state, long off) {
        if (state == null) {
            rest += off;
        } else {
            found[state.ordinal()] += off;
        }
    }

    /** Adds samples taken in a native method, for as long as they stand for. */
    void seen(Account.Part part, long sampled) {
        seen[part.ordinal()] += sampled;
    }

    void switches(OsCells os, int row) {
        scheduled = true;
        voluntary += os.voluntary(row);
        involuntary += os.involuntary(row);
        switchSeconds += os.switchSeconds(row);
    }

    /** NaN if not known. */
    double voluntaryPerSecond() {
        return switchSeconds > 0 ? voluntary / switchSeconds : Double.NaN;
    }

    double involuntaryPerSecond() {
        return switchSeconds > 0 ? involuntary / switchSeconds : Double.NaN;
    }

    /** Whether the operating system said anything of the thread. */
    boolean scheduled() {
        return scheduled;
    }

    Account account() {
        long[] all = nanos.clone();
        for (Account.Part part : WAITS) {
            // the agent calls every consumer at a queue idle; its waits that ended tell a pool's worker from others
            boolean consumer = part == Account.Part.IDLE
                    && nanos[Account.Part.QUEUE.ordinal()] > nanos[Account.Part.IDLE.ordinal()];
            all[(consumer ? Account.Part.QUEUE : part).ordinal()] += found[part.ordinal()];
        }
        all[restIs(all).ordinal()] += rest;
        Map<Account.Part, Long> parts = new EnumMap<>(Account.Part.class);
        for (Account.Part part : Account.Part.values()) {
            parts.put(part, all[part.ordinal()]);
        }
        return new Account(parts);
    }

    private Account.Part restIs(long[] all) {
        double running = all[Account.Part.ON_CORE.ordinal()] + all[Account.Part.RUN_QUEUE.ordinal()];
        double off = rest;
        for (Account.Part part : WAITS) {
            off += all[part.ordinal()];
        }
        double foundAsOften = Math.max(1, off / Math.max(1, running));
        Account.Part most = Account.Part.UNKNOWN;
        long mostNanos = 0;
        for (Account.Part part : WAITS) {
            long known = all[part.ordinal()] + seen[part.ordinal()];
            boolean inNative = part == Account.Part.IO || seen[part.ordinal()] > 0;
            if (known > mostNanos && known >= EXPLAINS * rest * (inNative ? 1 : foundAsOften)) {
                most = part;
                mostNanos = known;
            }
        }
        return most == Account.Part.UNKNOWN ? sampledMost() : most;
    }

    private Account.Part sampledMost() {
        Account.Part most = Account.Part.UNKNOWN;
        long mostNanos = 0;
        for (Account.Part part : WAITS) {
            if (seen[part.ordinal()] > mostNanos) {
                most = part;
                mostNanos = seen[part.ordinal()];
            }
        }
        return most;
    }
}
