// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import io.lockjam.event.LockTotalsEvent;
import io.lockjam.event.PoolTotalsEvent;
import io.lockjam.event.QueueTotalsEvent;
import org.jspecify.annotations.Nullable;

/** Commits totals as JFR events. Only where jdk.jfr is. */
public final class JfrSink implements Sink {
    public static final Sink SINK = new JfrSink();

    private JfrSink() {}

    /** Makes the classes ready without committing anything; returns how many types are recorded now. */
    static int preload() {
        int recorded = new LockTotalsEvent().shouldCommit() ? 1 : 0;
        recorded += new QueueTotalsEvent().shouldCommit() ? 1 : 0;
        return recorded + (new PoolTotalsEvent().shouldCommit() ? 1 : 0);
    }

    @Override
    public void lock(LockRow row) {
        LockTotalsEvent event = new LockTotalsEvent();
        if (event.shouldCommit()) {
            event.kind = text(row.kind());
            event.lockClass = row.lockClass();
            event.lockId = row.lockId();
            event.waits = row.waits();
            event.waited = row.waited();
            event.longest = row.longest();
            event.histogram = text(row.histogram());
            event.holds = row.holds();
            event.held = row.held();
            event.longestHold = row.longestHold();
            event.waiting = row.waiting();
            event.interval = row.interval();
            event.commit();
        }
    }

    @Override
    public void queue(QueueRow row) {
        QueueTotalsEvent event = new QueueTotalsEvent();
        if (event.shouldCommit()) {
            event.queueClass = row.queueClass();
            event.queueId = row.queueId();
            event.capacity = row.capacity();
            event.depth = row.depth();
            event.putWaits = row.putWaits();
            event.putWaited = row.putWaited();
            event.putHistogram = text(row.putHistogram());
            event.takeWaits = row.takeWaits();
            event.takeWaited = row.takeWaited();
            event.takeHistogram = text(row.takeHistogram());
            event.idleTakeWaited = row.idleTakeWaited();
            event.poolId = row.poolId();
            event.interval = row.interval();
            event.commit();
        }
    }

    @Override
    public void pool(PoolRow row) {
        PoolTotalsEvent event = new PoolTotalsEvent();
        if (event.shouldCommit()) {
            sizes(event, row);
            event.arrivals = row.arrivals();
            event.completions = row.completions();
            event.rejections = row.rejections();
            event.timed = row.timed();
            event.queueTime = row.queueTime();
            event.serviceTime = row.serviceTime();
            event.serviceSquares = row.serviceSquares();
            event.cpuTime = row.cpuTime();
            event.cpuServiceTime = row.cpuServiceTime();
            event.queueHistogram = text(row.queueHistogram());
            event.serviceHistogram = text(row.serviceHistogram());
            event.waiters = row.waiters();
            samples(event, row);
            event.holder = text(row.holder());
            event.held = row.held();
            event.holderStack = text(row.holderStack());
            event.interval = row.interval();
            event.commit();
        }
    }

    private static void samples(PoolTotalsEvent event, PoolRow row) {
        event.looks = row.looks();
        event.looked = row.looked();
        event.arrived = row.arrived();
        event.busyMost = row.busyMost();
        event.arrivalSquares = row.arrivalSquares();
        event.holdersWaiting = row.holdersWaiting();
    }

    private static void sizes(PoolTotalsEvent event, PoolRow row) {
        event.poolClassName = text(row.poolClassName());
        event.poolId = row.poolId();
        event.poolName = text(row.poolName());
        event.type = text(row.type());
        event.size = row.size();
        event.coreSize = row.coreSize();
        event.maxSize = row.maxSize();
        event.busy = row.busy();
        event.busyTime = row.busyTime();
        event.queueDepth = row.queueDepth();
        event.queueCapacity = row.queueCapacity();
    }

    /** Whoever follows the recording would read many a text as null (see {@link Hooks#unpooled}). */
    private static @Nullable String text(@Nullable String value) {
        return value == null ? null : Hooks.unpooled(value);
    }
}
