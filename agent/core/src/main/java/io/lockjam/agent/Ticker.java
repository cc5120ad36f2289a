// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import io.lockjam.boot.Hooks;
import io.lockjam.boot.Status;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** What happens by the clock: totals and status each second, snapshots, owners' stacks when the hooks ask for them. */
final class Ticker {
    private static final long STEP = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    /** One look at the hooks takes about a millisecond. */
    private static final long CHECK = 2 * SECOND;

    /** A snapshot may cost this part of the time between two: 0.3 %. */
    private static final long SNAPSHOT_SHARE = 300;

    private final Installation in;
    private final Snapshot snapshot;
    private final OwnerStacks owners;
    private @Nullable PoolFinder pools;
    private volatile boolean active;
    private volatile boolean snapshots = true;
    private volatile boolean stopped;
    private volatile Thread thread = Thread.currentThread();
    private long flushedAt;
    private long snapshotAt;
    private long lastCost;
    private long cpuBefore;
    private long poolsAt = System.nanoTime();
    private long checkAt = System.nanoTime() + CHECK;

    Ticker(Installation in, Snapshot snapshot, OwnerStacks owners, @Nullable PoolFinder pools) {
        this.in = in;
        this.snapshot = snapshot;
        this.owners = owners;
        this.pools = pools;
    }

    void start() {
        thread = in.threads().start("Ticker", this::run);
        Hooks.wake(thread);
    }

    /** Whether facts are wanted; when not, the thread only looks after the recording. */
    void active(boolean wanted) {
        active = wanted;
    }

    /** Whether snapshots are wanted; true also says that somebody new reads them. */
    void snapshots(boolean wanted) {
        snapshots = wanted;
        if (wanted) {
            snapshot.tellAgain();
        }
    }

    void stop() {
        stopped = true;
        LockSupport.unpark(thread);
        try {
            thread.join(TimeUnit.SECONDS.toMillis(10));
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }

    /** Takes a snapshot now; returns its number. */
    synchronized long snapshot() throws Throwable {
        long before = in.probe().cpuNanos(Thread.currentThread().getId());
        long begin = System.nanoTime();
        long number = snapshot.take(in.sinks().current());
        long cpu = in.probe().cpuNanos(Thread.currentThread().getId()) - before;
        long cost = before < 0 ? System.nanoTime() - begin : cpu;
        long usual = Math.min(cost, lastCost); // one that ran cold says little of the next
        lastCost = cost;
        // a little less than the second between two steps, or each would be late by one
        snapshotAt = begin + Math.min(10 * SECOND, Math.max(SECOND - STEP, usual * SNAPSHOT_SHARE));
        return number;
    }

    private void run() {
        flushedAt = System.nanoTime();
        long steppedAt = flushedAt;
        long pause = STEP;
        while (!stopped) {
            try {
                OwnThreads.rest(Math.min(STEP, pause));
                long now = System.nanoTime();
                pause = active && snapshots ? snapshot.countBlocked(now) : STEP;
                if (active) {
                    owners.serve(in.sinks().current(), now);
                }
                if (now - steppedAt >= STEP) {
                    steppedAt = now;
                    step(now);
                }
            } catch (Throwable fault) { // a boundary: the next second is another try
                in.faults().caught("ticker", fault);
            }
        }
    }

    private void step(long now) throws Throwable {
        in.guardRecording();
        if (!active) {
            flushedAt = now;
            return;
        }
        findPools(now);
        if (now - checkAt >= 0) {
            checkAt = now + CHECK;
            in.checkHooks();
        }
        Hooks.tick();
        if (now - flushedAt >= SECOND - STEP / 2) {
            long interval = now - flushedAt;
            flushedAt = now;
            FactSink sink = in.sinks().current();
            Hooks.flush(interval, sink.totals());
            if (snapshots && now - snapshotAt >= 0) {
                snapshot();
            }
            snapshot.shareBlocked(sink, now);
            status(sink, interval);
            sink.flush();
        }
    }

    private void findPools(long now) {
        if (pools == null || now - poolsAt < 0) {
            return;
        }
        poolsAt = now + SECOND;
        try {
            pools.look();
        } catch (OutOfMemoryError full) {
            throw full; // there may be room again
        } catch (Throwable otherJdk) { // it would fail each time
            in.faults().caught("pools", otherJdk);
            pools = null;
        }
    }

    private void status(FactSink sink, long interval) {
        Status hooks = Hooks.status();
        long cpu = in.ownCpuNanos();
        long dropped = hooks.dropped() + snapshot.takeDropped() + sink.takeDropped();
        sink.put(in.identity()
                .put("cpuTime", Math.max(0, cpu - cpuBefore))
                .put("hookTime", hooks.hookNanos())
                .put("waitsSeen", hooks.waitsSeen())
                .put("waitsSampled", hooks.waitsSampled())
                .put("dropped", dropped)
                .put("faults", in.faults().count() + hooks.faults())
                .put("interval", interval));
        cpuBefore = cpu;
    }
}
