// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import io.lockjam.model.Fact;
import java.util.Arrays;
import java.util.List;

/**
 * What the operating system says of the threads in one second.
 *
 * <p>A reading is of an interval that rarely ends with a second, and that is longer than one on a crowded machine; it is shared out over
 * the seconds it touches. Columns are sorted by the system's number of the thread.
 */
final class OsCells {
    /** Below this part of a second, what is known of it says too little of the whole. */
    private static final double MIN_COVERED = 0.05;

    private long[] osIds = new long[0];
    private int[] ranMicros = new int[0];
    private int[] queuedMicros = new int[0];
    private float[] voluntary = new float[0];
    private float[] involuntary = new float[0];
    private float[] switchSeconds = new float[0];
    private double covered;
    private double throttledNanos;
    private double throttledSeconds;
    private double quotaCores = -1;

    /** Adds the part {@code seconds} of a reading that lies in this second. */
    void add(Fact.OsUsage usage, double seconds) {
        double share = seconds / Math.max(1e-3, usage.interval().toNanos() / 1e9);
        if (usage.throttledNanos() >= 0) {
            throttledNanos += usage.throttledNanos() * share;
            throttledSeconds += seconds;
        }
        quotaCores = usage.quotaCores() > 0 ? usage.quotaCores() : quotaCores;
        if (!usage.threads().isEmpty()) {
            covered += seconds;
            grow(usage.threads());
            usage.threads().forEach(row -> add(row, seconds, share));
        }
    }

    /** Keeps its column of numbers once only if it equals another second's; returns it. */
    long[] sharingIds(long[] before) {
        osIds = Arrays.equals(osIds, before) ? before : osIds;
        return osIds;
    }

    /** Seconds known of the threads, 0 to 1. */
    double covered() {
        return covered;
    }

    /** The system's numbers of the threads of all rows; none if too little of the second is known. */
    long[] osIds() {
        return covered < MIN_COVERED ? new long[0] : osIds.clone();
    }

    /** Row of a thread; -1 if it has none or too little of the second is known. */
    int row(long osId) {
        int row = osId < 0 || covered < MIN_COVERED ? -1 : Arrays.binarySearch(osIds, osId);
        return Math.max(-1, row);
    }

    /** Nanoseconds on a core in the whole second, as if the part not known had been like the rest. */
    long ranNanos(int row) {
        return (long) (1_000L * ranMicros[row] / covered);
    }

    long queuedNanos(int row) {
        return (long) (1_000L * queuedMicros[row] / covered);
    }

    double voluntary(int row) {
        return voluntary[row];
    }

    double involuntary(int row) {
        return involuntary[row];
    }

    /** For how long the switches of a row were counted. */
    double switchSeconds(int row) {
        return switchSeconds[row];
    }

    /** Threads that ran. */
    int ran() {
        return (int) Arrays.stream(ranMicros).filter(micros -> micros > 0).count();
    }

    /** Nanoseconds that the quota stopped the cgroup, summed over its cores, in the whole second; 0 if not known. */
    double throttledNanos() {
        return throttledSeconds < MIN_COVERED ? 0 : throttledNanos / throttledSeconds;
    }

    /** -1 if there is no quota or it is not known. */
    double quotaCores() {
        return quotaCores;
    }

    private void add(Fact.OsThread thread, double seconds, double share) {
        int row = Arrays.binarySearch(osIds, thread.osId());
        ranMicros[row] += micros(thread.ranNanos(), share);
        queuedMicros[row] += micros(thread.runQueueNanos(), share);
        if (thread.voluntary() >= 0 && thread.involuntary() >= 0) {
            voluntary[row] += (float) (thread.voluntary() * share);
            involuntary[row] += (float) (thread.involuntary() * share);
            switchSeconds[row] += (float) seconds;
        }
    }

    private static int micros(long nanos, double share) {
        return (int) Math.min(10_000_000, Math.max(0, nanos) / 1e3 * share);
    }

    private void grow(List<Fact.OsThread> threads) {
        long[] fresh = threads.stream()
                .mapToLong(Fact.OsThread::osId)
                .filter(osId -> Arrays.binarySearch(osIds, osId) < 0)
                .distinct()
                .toArray();
        if (fresh.length == 0) {
            return;
        }
        long[] before = osIds;
        osIds = Arrays.copyOf(before, before.length + fresh.length);
        System.arraycopy(fresh, 0, osIds, before.length, fresh.length);
        Arrays.sort(osIds);
        int[] moved = Arrays.stream(before)
                .mapToInt(osId -> Arrays.binarySearch(osIds, osId))
                .toArray();
        ranMicros = moved(ranMicros, moved);
        queuedMicros = moved(queuedMicros, moved);
        voluntary = moved(voluntary, moved);
        involuntary = moved(involuntary, moved);
        switchSeconds = moved(switchSeconds, moved);
    }

    private int[] moved(int[] column, int[] to) {
        int[] all = new int[osIds.length];
        for (int i = 0; i < to.length; i++) {
            all[to[i]] = column[i];
        }
        return all;
    }

    private float[] moved(float[] column, int[] to) {
        float[] all = new float[osIds.length];
        for (int i = 0; i < to.length; i++) {
            all[to[i]] = column[i];
        }
        return all;
    }
}
