// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import io.lockjam.model.Fact;
import io.lockjam.model.Histogram;
import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All that is kept of one second. */
final class Second {
    /** Few of each come in a second; more than this is a flood, and the counts still hold. */
    private static final int FEW = 200;

    private static final Object IDLE = new Object();

    /** Of a thread that no snapshot of the second tells of. */
    static final char NO_LETTER = ' ';

    final long epochSecond;
    final Map<LockTable.Entry, LockCell> locks = new HashMap<>();
    /** Two of one queue or pool if two flushes of the target fell into this second. */
    final List<QueueCell> queues = new ArrayList<>(0);

    final List<PoolCell> pools = new ArrayList<>(0);
    /** Idle waits are nobody's loss: they share the room of one lock. */
    final FairRoom<KeptWait> waits;

    final FairRoom<Fact.Activity> blocking =
            new FairRoom<>(each -> each.thread().id(), each -> each.took().toNanos());
    private final Map<Sample, Sample> samples = new LinkedHashMap<>();
    final List<Snapshot> snapshots = new ArrayList<>(1);
    final List<StatesOfSecond> states = new ArrayList<>(1);
    final List<Fact> few = new ArrayList<>(2);
    final Map<String, int[]> startsAndEnds = new HashMap<>();
    /** Millionths of a core, by thread. */
    final LongInts cpu = new LongInts();

    final Spent spent = new Spent();

    @Nullable
    OsCells os;

    /** Of {@link WaitNestings}; null as long as later facts can change them. */
    @Nullable
    List<Fact.LockOrderSeen> nestings;

    /** When its first fact was: the seconds at either end are not whole. */
    Instant begin = Instant.MAX;

    long facts;
    long foldedWaits;

    Second(long epochSecond, LockTable table) {
        this.epochSecond = epochSecond;
        this.waits = new FairRoom<>(wait -> wait.idle ? IDLE : table.row(wait.lock), wait -> wait.nanos);
    }

    /** Null if none of this number began in this second. */
    @Nullable
    Snapshot snapshot(long number) {
        for (Snapshot each : snapshots) {
            if (each.number == number) {
                return each;
            }
        }
        return null;
    }

    /** How many threads of the group of one were started, and how many ended. */
    int[] startsAndEnds(ThreadRef thread) {
        return startsAndEnds.computeIfAbsent(
                (thread.virtual() ? "virtual:" : "") + thread.group(), group -> new int[2]);
    }

    /** Keeps a wait with its stack as long as there is room; what goes is counted. */
    void keep(KeptWait wait, Limits limits) {
        foldedWaits += waits.add(wait, limits.waitsPerSecond());
    }

    /** The same of a sleep, a read or a write. */
    void keep(Fact.Activity activity, Limits limits) {
        foldedWaits += blocking.add(activity, limits.activitiesPerSecond());
    }

    /** No more is expected: what takes more than its room goes. */
    void settle(Limits limits) {
        foldedWaits += waits.fit(limits.waitsPerSecond());
        foldedWaits += blocking.fit(limits.activitiesPerSecond());
    }

    /** Sleeps are counted here as well, because the short ones of a polling loop are the first to be folded away. */
    void sample(Sample fresh, Fact.Activity activity, int most) {
        Sample sample = samples.get(fresh);
        if (sample == null) {
            if (samples.size() >= most) {
                foldedWaits++;
                return;
            }
            sample = fresh;
            samples.put(sample, sample);
        }
        sample.count++;
        sample.nanos += activity.took().toNanos();
    }

    /** What the last snapshot of the second says of a thread's state. */
    char letter(long thread) {
        char letter = NO_LETTER;
        for (StatesOfSecond part : states) {
            for (int i = 0; i < part.ids.length; i++) {
                letter = part.ids[i] == thread ? part.letters[i] : letter;
            }
        }
        return letter;
    }

    Collection<Sample> samples() {
        return samples.values();
    }

    /** Keeps facts that are rare; false if there are too many in this second. */
    boolean addFew(Fact fact) {
        return few.size() < FEW && few.add(fact);
    }

    /** Sums of one lock in one second. */
    static final class LockCell {
        long waits;
        long nanos;
        long longest;
        long holds;
        long heldNanos;
        long longestHold;
        int waiting;
        boolean sampled;
        final SparseCounts counts = new SparseCounts();
    }

    /** Who was found to hold a lock during a wait, and until when that stands. */
    record Found(Holder holder, Instant until) {}

    /** One wait with its stack; the holder is worked out when first asked for. */
    static final class KeptWait {
        final Fact.WaitEnded fact;
        final LockTable.Entry lock;
        final boolean idle;
        /** Of all the waits that it stands for. */
        final long nanos;

        @Nullable
        Found found;

        KeptWait(Fact.WaitEnded fact, LockTable.Entry lock, boolean idle) {
            this.fact = fact;
            this.lock = lock;
            this.idle = idle;
            this.nanos = fact.waited().toNanos() * fact.weight();
        }
    }

    /** One queue; the histograms of the fact are emptied. */
    record QueueCell(Fact.QueueTotals fact, SparseCounts puts, SparseCounts takes) {
        static QueueCell of(Fact.QueueTotals fact) {
            SparseCounts puts = new SparseCounts();
            puts.add(fact.putHistogram());
            SparseCounts takes = new SparseCounts();
            takes.add(fact.takeHistogram());
            Fact.QueueTotals light = new Fact.QueueTotals(
                    fact.at(),
                    fact.interval(),
                    fact.queue(),
                    fact.capacity(),
                    fact.depth(),
                    fact.putWaits(),
                    fact.putWaited(),
                    Histogram.EMPTY,
                    fact.takeWaits(),
                    fact.takeWaited(),
                    Histogram.EMPTY,
                    fact.idleTakeWaited(),
                    fact.poolIdentity());
            return new QueueCell(light, puts, takes);
        }
    }

    /** One pool; the histograms of the fact are emptied. */
    record PoolCell(Fact.PoolTotals fact, SparseCounts queueTimes, SparseCounts serviceTimes) {
        static PoolCell of(Fact.PoolTotals f) {
            SparseCounts queueTimes = new SparseCounts();
            queueTimes.add(f.queueHistogram());
            SparseCounts serviceTimes = new SparseCounts();
            serviceTimes.add(f.serviceHistogram());
            Fact.PoolTotals light = new Fact.PoolTotals(
                    f.at(),
                    f.interval(),
                    f.className(),
                    f.identity(),
                    f.name(),
                    f.type(),
                    f.size(),
                    f.coreSize(),
                    f.maxSize(),
                    f.busy(),
                    f.busyTime(),
                    f.queueDepth(),
                    f.queueCapacity(),
                    f.arrivals(),
                    f.completions(),
                    f.rejections(),
                    f.timed(),
                    f.queueTime(),
                    f.serviceTime(),
                    f.serviceSquaresMicros(),
                    f.cpuTime(),
                    f.cpuServiceTime(),
                    Histogram.EMPTY,
                    Histogram.EMPTY,
                    f.waiters(),
                    f.samples(),
                    f.longest());
            return new PoolCell(light, queueTimes, serviceTimes);
        }
    }

    /**
     * Samples of one thread at one stack in one second; equal are those that are added up. The stack counts by identity, for stacks are
     * interned, and hashing dozens of frames takes long.
     */
    static final class Sample {
        final ThreadRef thread;
        final Stack stack;
        final Fact.ActivityKind kind;
        long nanos;
        int count;

        Sample(ThreadRef thread, Stack stack, Fact.ActivityKind kind) {
            this.thread = thread;
            this.stack = stack;
            this.kind = kind;
        }

        @Override
        @SuppressWarnings("ReferenceEquality")
        public boolean equals(@Nullable Object other) {
            return other instanceof Sample same
                    && same.thread.id() == thread.id()
                    && same.stack == stack
                    && same.kind == kind;
        }

        @Override
        public int hashCode() {
            return Long.hashCode(thread.id()) * 31 + System.identityHashCode(stack) + kind.hashCode();
        }
    }

    /** Thread states of one snapshot part, in the letters of the fact. */
    static final class StatesOfSecond {
        final long[] ids;
        final char[] letters;
        final long virtualThreads;

        private StatesOfSecond(long[] ids, char[] letters, long virtualThreads) {
            this.ids = ids;
            this.letters = letters;
            this.virtualThreads = virtualThreads;
        }

        /** @param before one that is kept; the same threads are kept once */
        static StatesOfSecond of(Fact.ThreadStates states, @Nullable StatesOfSecond before) {
            long[] ids = new long[states.states().size()];
            char[] letters = new char[ids.length];
            int i = 0;
            for (Map.Entry<Long, Character> each : states.states().entrySet()) {
                ids[i] = each.getKey();
                letters[i++] = each.getValue();
            }
            long[] kept = before != null && Arrays.equals(ids, before.ids) ? before.ids : ids;
            return new StatesOfSecond(kept, letters, states.virtualThreads());
        }
    }
}
