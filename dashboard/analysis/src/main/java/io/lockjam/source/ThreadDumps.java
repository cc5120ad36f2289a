// SPDX-License-Identifier: Apache-2.0
package io.lockjam.source;

import io.lockjam.model.Fact;
import io.lockjam.model.LockRef;
import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import io.lockjam.model.WaitKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who waits for whom in the thread dumps of a recording that was made without us, as the JDK's settings take them at both ends of a
 * chunk. Only waits for a known owner are told: of a wait for a signal two dumps far apart do not say whether it is held up.
 */
final class ThreadDumps {
    private final Interner interner;
    private long dumps;
    /** By thread: the wait of the dump before. */
    private Map<Long, Since> before = Map.of();

    /** A wait and when it was first seen. */
    private record Since(long waitId, Instant at) {}

    ThreadDumps(Interner interner) {
        this.interner = interner;
    }

    List<Fact> read(EventFields event) {
        return facts(event.end(), ThreadDumpText.parse(event.text("result")));
    }

    /** Snapshots of the JVM have negative numbers: all their threads stood still at one moment. */
    List<Fact> facts(Instant at, ThreadDumpText dump) {
        long number = --dumps;
        Map<Long, ThreadDumpText.Section> owners = owners(dump);
        Map<Long, Since> now = new HashMap<>();
        List<Fact> facts = new ArrayList<>();
        for (ThreadDumpText.Section waiter : dump.threads()) {
            ThreadDumpText.Thing wanted = waiter.wanted();
            ThreadDumpText.Section owner = wanted == null ? null : owners.get(wanted.address());
            if (wanted == null || owner == null) {
                continue;
            }
            String className = ClassNames.lock(wanted.className());
            LockRef lock = new LockRef(className, JdkWaits.identity(wanted.address(), className));
            Stack stack = interner.stack(new ArrayList<>(waiter.stack().frames()));
            ThreadRef thread = waiter.thread();
            Since since = since(thread.id(), stack.hashCode(), at);
            now.put(thread.id(), since);
            WaitKind kind = waiter.parked() ? ParkKind.of(wanted.className(), stack) : WaitKind.MONITOR;
            Duration soFar = Duration.between(since.at(), at);
            facts.add(new Fact.StackSeen(at, thread, "waiter", lock, waiter.state(), stack));
            facts.add(new Fact.StackSeen(at, owner.thread(), "owner", lock, owner.state(), owner.stack()));
            facts.add(new Fact.WaitingNow(
                    at, number, thread, since.waitId(), kind, lock, owner.thread(), soFar, false, 1));
        }
        before = now;
        return facts;
    }

    private Since since(long thread, long waitId, Instant at) {
        Since known = before.get(thread);
        return known != null && known.waitId() == waitId && !known.at().isAfter(at) ? known : new Since(waitId, at);
    }

    /** By the address of what they own. */
    private static Map<Long, ThreadDumpText.Section> owners(ThreadDumpText dump) {
        Map<Long, ThreadDumpText.Section> owners = new HashMap<>();
        Map<String, ThreadDumpText.@Nullable Section> byName = new HashMap<>();
        for (ThreadDumpText.Section each : dump.threads()) {
            String name = each.thread().name();
            byName.put(name, byName.containsKey(name) ? null : each); // who shares a name cannot be told by it
            for (ThreadDumpText.Thing held : each.held()) {
                owners.put(held.address(), each);
            }
        }
        dump.holders().forEach((address, name) -> {
            ThreadDumpText.Section holder = byName.get(name);
            if (holder != null) {
                owners.put(address, holder);
            }
        });
        return owners;
    }
}
