// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import io.lockjam.model.Fact;
import io.lockjam.model.Fact.LockOrderSeen;
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
import java.util.Set;

/**
 * Nestings of locks that waits for locks of java.util.concurrent give away: their owner is read when they begin, and it may wait for another
 * lock just then. Who had a monitor before a wait ended does not say who had it when it began, so those waits are left out.
 */
public final class WaitNestings {
    private static final Set<WaitKind> LOCKS = Set.of(WaitKind.MONITOR, WaitKind.LOCK, WaitKind.WRITE);

    /** Waits that end later than this after another began are not looked for. */
    private static final long REACH_SECONDS = 15;

    /** The owner is read after the time of the begin was; who reads it later than this does not tell it. */
    private static final Duration OWNER_READ = Duration.ofMillis(1);

    private final Map<Long, ByTime<Second.KeptWait>> byWaiter;

    private WaitNestings(Memory memory, Range range) {
        Map<Long, List<Second.KeptWait>> waits = new HashMap<>();
        for (Second second : memory.in(range)) {
            for (Second.KeptWait wait : second.waits) {
                if (LOCKS.contains(wait.fact.kind()) && !wait.idle) {
                    ByTime.list(waits, wait.fact.waiter().id()).add(wait);
                }
            }
        }
        byWaiter = ByTime.byKey(waits, wait -> wait.fact.at(), wait -> wait.fact.waited());
    }

    /** Of all that is kept; what later facts can no longer change is remembered. */
    static List<LockOrderSeen> all(Memory memory, Range kept) {
        Instant settled = kept.to().minusSeconds(REACH_SECONDS);
        WaitNestings nestings = null;
        List<LockOrderSeen> all = new ArrayList<>();
        for (Second second : memory.in(kept)) {
            List<LockOrderSeen> known = second.nestings;
            if (known == null) {
                Instant begin = Instant.ofEpochSecond(second.epochSecond);
                nestings = nestings != null
                        ? nestings
                        : new WaitNestings(memory, new Range(begin.minusSeconds(REACH_SECONDS), kept.to()));
                known = nestings.of(second);
                second.nestings = begin.isBefore(settled) ? known : null;
            }
            all.addAll(known);
        }
        return all;
    }

    private List<LockOrderSeen> of(Second second) {
        List<LockOrderSeen> found = new ArrayList<>(0);
        for (Second.KeptWait wait : second.waits) {
            Fact.WaitEnded other = wait.fact;
            boolean readAtBegin = other.kind() == WaitKind.LOCK || other.kind() == WaitKind.WRITE;
            if (readAtBegin && other.owner() != null) {
                Instant begin = other.at().minus(other.waited());
                ByTime.touching(byWaiter, other.owner().id(), begin, begin).stream()
                        .map(each -> each.fact)
                        .filter(own -> own.at().isAfter(begin.plus(OWNER_READ))
                                && !own.at().minus(own.waited()).isAfter(begin))
                        .filter(own -> !own.lock().equals(other.lock()))
                        .map(own -> nesting(
                                own.at().minus(own.waited()),
                                own.waiter(),
                                other.lock(),
                                own.lock(),
                                own.stack(),
                                List.of(other.lock())))
                        .forEach(found::add);
            }
        }
        return found;
    }

    /** They do not say where the lock held was taken. */
    public static LockOrderSeen nesting(
            Instant at, ThreadRef thread, LockRef held, LockRef wanted, Stack stack, List<LockRef> gates) {
        boolean tried = stack.frames().stream().anyMatch(frame -> frame.method().startsWith("tryLock"));
        List<String> identities = gates.stream().map(LockRef::identity).toList();
        return new LockOrderSeen(at, thread, held, "", wanted, stack, identities, tried);
    }
}
