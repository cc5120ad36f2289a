// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import io.lockjam.boot.OwnerProbe;
import io.lockjam.event.ThreadStackEvent;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Takes the stacks of threads while others wait for what they hold: what the holder does meanwhile. */
final class OwnerStacks {
    /** Requests looked at in one go; the ring of the hooks is not longer. */
    private static final int AT_ONCE = 64;

    /** The hooks ask at each wait, and would leave nothing to the snapshots, which ask once a second. */
    private static final double RESERVE = 0.5;

    private final ThreadAccess access;
    private final ThreadProbe probe;
    private final OwnThreads own;
    private final StackBudget budget;
    private final Set<Long> locks = new HashSet<>(); // seen in this snapshot
    /** By lock: the wait in which its owner stood when its stack was taken, which is what the stack will be until it moves. */
    private final Map<Long, Standing> standing = new HashMap<>();

    private record Standing(long owner, long moves, long takenAt) {}

    OwnerStacks(ThreadAccess access, ThreadProbe probe, OwnThreads own, StackBudget budget) {
        this.access = access;
        this.probe = probe;
        this.own = own;
        this.budget = budget;
    }

    /** Serves what the hooks have asked for. A stack counts only if its thread still held the lock afterwards. */
    void serve(FactSink sink, long now) throws Throwable {
        for (int i = 0; i < AT_ONCE; i++) {
            OwnerProbe.Request request = OwnerProbe.poll();
            if (request == null) {
                return;
            }
            Thread owner = request.owner();
            if (own.contains(owner) || OwnerProbe.owner(request.lock()) != owner || !budget.take(now, RESERVE)) {
                continue;
            }
            Thread.State state = access.state(owner);
            StackTraceElement[] frames = access.stack(owner);
            if (OwnerProbe.owner(request.lock()) == owner && frames.length > 0) {
                send(sink, owner, request.lockClassName(), request.lockId(), state, frames);
            }
        }
    }

    /** A new snapshot begins: each contended lock may have its owner's stack once more. */
    void nextSnapshot() {
        standing.keySet().retainAll(locks);
        locks.clear();
    }

    /**
     * Takes the stack of a lock's owner, once a snapshot for each lock. An owner that stands still is not looked at again for a while: on 17 a
     * few deadlocks would eat up the budget.
     */
    void standing(
            Thread owner,
            WaitReader.Subject subject,
            long waiterId,
            Thread waiter,
            ThreadProbe.Seen seen,
            FactSink sink,
            long now)
            throws Throwable {
        if (own.contains(owner) || !locks.add(subject.lockId())) {
            return;
        }
        ThreadProbe.Seen holder = probe.look(new long[] {seen.ownerId()}, new Thread[] {owner})[0];
        if (holder == null || known(subject.lockId(), seen.ownerId(), holder, now) || !budget.take(now, 0)) {
            return;
        }
        Thread.State state = access.state(owner);
        StackTraceElement[] frames = access.stack(owner);
        ThreadProbe.Seen again = probe.look(new long[] {waiterId}, new Thread[] {waiter})[0];
        if (again != null && again.moves() == seen.moves() && again.ownerId() == seen.ownerId() && frames.length > 0) {
            send(sink, owner, subject.lockClass(), subject.lockId(), state, frames);
            standing.put(subject.lockId(), new Standing(seen.ownerId(), holder.moves(), now));
        }
    }

    private boolean known(long lock, long owner, ThreadProbe.Seen holder, long now) {
        Standing last = standing.get(lock);
        return holder.state() != Thread.State.RUNNABLE
                && last != null
                && last.owner() == owner
                && last.moves() == holder.moves()
                && now - last.takenAt() < Snapshot.TELL_AGAIN;
    }

    private static void send(
            FactSink sink,
            Thread owner,
            String lockClass,
            long lockId,
            Thread.State state,
            StackTraceElement[] frames) {
        sink.put(new Row(ThreadStackEvent.NAME)
                .put("thread", owner)
                .put("reason", "owner")
                .put("lockClassName", lockClass)
                .put("lockId", lockId)
                .put("state", state.name())
                .put("stack", StackText.of(frames)));
    }
}
