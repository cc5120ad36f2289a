// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import io.lockjam.model.Fact;
import io.lockjam.model.LockRef;
import io.lockjam.model.ProbeSleep;
import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What threads did in the seconds of a range, by thread and time. */
final class HolderIndex {
    final Range range;
    final Map<Long, ByTime<Fact.Activity>> activities;
    final Map<Long, ByTime<Second.KeptWait>> waits;
    final Map<Long, ByTime<Fact.StackSeen>> stacks;
    final Map<Long, ByTime<Running>> samples;
    final ByTime<Fact.Pause> pauses;
    final ByTime<Snapshot> snapshots;

    /** The waits by thread and lock: a thread of a busy server waits thousands of times for other locks in between. */
    private final Map<AtLock, ByTime<Second.KeptWait>> waitsAtLock;

    record AtLock(long thread, LockRef lock) {}

    record Running(long second, Stack stack, Fact.ActivityKind kind) {}

    HolderIndex(Memory memory, Range range) {
        this.range = range;
        Map<Long, List<Fact.Activity>> blocking = new HashMap<>();
        Map<Long, List<Second.KeptWait>> waited = new HashMap<>();
        Map<AtLock, List<Second.KeptWait>> waitedAtLock = new HashMap<>();
        Map<Long, List<Running>> ran = new HashMap<>();
        List<Snapshot> taken = new ArrayList<>();
        for (Second second : memory.in(range)) {
            second.blocking.stream()
                    .filter(each -> !ProbeSleep.is(each))
                    .forEach(each -> ByTime.list(blocking, each.thread().id()).add(each));
            second.waits.forEach(each -> {
                long waiter = each.fact.waiter().id();
                ByTime.list(waited, waiter).add(each);
                ByTime.list(waitedAtLock, new AtLock(waiter, each.fact.lock())).add(each);
            });
            second.samples().forEach(sample -> {
                if (sample.kind != Fact.ActivityKind.SLEEP) {
                    ByTime.list(ran, sample.thread.id())
                            .add(new Running(second.epochSecond, sample.stack, sample.kind));
                }
            });
            taken.addAll(second.snapshots);
        }
        Map<Long, List<Fact.StackSeen>> seen = new HashMap<>();
        memory.few(range, Fact.StackSeen.class)
                .forEach(each -> ByTime.list(seen, each.thread().id()).add(each));
        activities = ByTime.byKey(blocking, Fact.Activity::at, Fact.Activity::took);
        waits = ByTime.byKey(waited, each -> each.fact.at(), each -> each.fact.waited());
        waitsAtLock = ByTime.byKey(waitedAtLock, each -> each.fact.at(), each -> each.fact.waited());
        stacks = ByTime.byKey(seen, Fact.StackSeen::at, each -> Duration.ZERO);
        samples = ByTime.byKey(ran, each -> Instant.ofEpochSecond(each.second()), each -> Duration.ZERO);
        pauses = new ByTime<>(memory.few(range, Fact.Pause.class), Fact.Pause::at, Fact.Pause::took);
        snapshots = new ByTime<>(taken, each -> each.at, each -> Duration.ZERO);
    }

    /** The stacks taken of a thread, ends included. */
    List<Holder> stacks(ThreadRef thread, Range within) {
        return stacks(thread, within, any -> true);
    }

    /** Those taken while it held something that others waited for. */
    List<Holder> stacksOfOwner(ThreadRef thread, Range within) {
        return stacks(thread, within, HolderIndex::isOfOwner);
    }

    /** Those taken while it held a lock. */
    List<Holder> stacksOfOwner(ThreadRef thread, LockRef lock, Range within) {
        return stacks(thread, within, each -> isOfOwner(each) && isSame(each.lock(), lock));
    }

    private List<Holder> stacks(ThreadRef thread, Range within, Predicate<Fact.StackSeen> wanted) {
        return ByTime.touching(stacks, thread.id(), within.from(), within.to()).stream()
                .filter(each -> !each.at().isBefore(within.from()) && !each.at().isAfter(within.to()))
                .filter(wanted)
                .map(each ->
                        new Holder(thread, StackReading.doing(each.stack(), each.state()), 0, each.stack(), null, null))
                .toList();
    }

    private static boolean isOfOwner(Fact.StackSeen each) {
        return each.reason().equals("owner");
    }

    /** JFR and snapshots identify monitors differently; their class must do. */
    private static boolean isSame(@Nullable LockRef seen, LockRef wanted) {
        return seen != null
                && seen.className().equals(wanted.className())
                && (seen.identity().equals(wanted.identity())
                        || !wanted.className().startsWith("java.util.concurrent.locks."));
    }

    /** The last wait that ended before an instant; null if there was none in the range. */
    Second.@Nullable KeptWait lastBefore(AtLock key, Instant instant) {
        ByTime<Second.KeptWait> own = waitsAtLock.get(key);
        List<Second.KeptWait> earlier = own == null ? List.of() : own.endedBefore(instant);
        return earlier.isEmpty() ? null : earlier.get(earlier.size() - 1);
    }
}
