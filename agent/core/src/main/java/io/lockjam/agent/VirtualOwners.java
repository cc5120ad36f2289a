// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import io.lockjam.event.ThreadStackEvent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;

/**
 * Finds who has the monitors that virtual threads wait for, which the JVM does not say: by asking threads what they
 * have, likely ones first, as many as the budget of stacks allows.
 */
final class VirtualOwners {
    /** Threads asked in one scan. */
    private static final int ASKED = 60;

    private static final double RESERVE = 0.1;

    private final VirtualAccess virtual;
    private final ThreadAccess access;
    private final StackBudget budget;
    private final VirtualFolds known;
    private int asked;

    VirtualOwners(VirtualAccess virtual, ThreadAccess access, StackBudget budget, VirtualFolds known) {
        this.virtual = virtual;
        this.access = access;
        this.budget = budget;
        this.known = known;
    }

    /**
     * Sets the owners of the folds that wait for monitors, as far as they are found.
     *
     * @param able threads that may have one, by what they do; of each sort as many are asked
     */
    void ofMonitors(Collection<VirtualFold> folds, List<List<Thread>> able, FactSink sink, long now) throws Throwable {
        IdentityHashMap<Object, VirtualFold> wanted = new IdentityHashMap<>();
        for (VirtualFold fold : folds) {
            if (fold.monitor != null && fold.subject.kind().equals("monitor")) {
                wanted.put(fold.monitor, fold);
            }
        }
        if (wanted.isEmpty() || !virtual.canLook()) {
            return;
        }
        List<Thread> likely = new ArrayList<>();
        for (VirtualFold each : known.before()) {
            if (each.owner != null && each.subject.kind().equals("monitor")) {
                likely.add(each.owner);
            }
        }
        ask(likely, wanted, sink, now);
        ask(inTurn(able), wanted, sink, now);
        if (!wanted.isEmpty()) {
            ask(List.of(access.platformThreads()), wanted, sink, now);
        }
    }

    private static List<Thread> inTurn(List<List<Thread>> sorts) {
        List<Thread> all = new ArrayList<>();
        for (int i = 0, before = -1; before < all.size() && all.size() < ASKED; i++) {
            before = all.size();
            for (List<Thread> sort : sorts) {
                if (i < sort.size()) {
                    all.add(sort.get(i));
                }
            }
        }
        return all;
    }

    private void ask(List<Thread> threads, IdentityHashMap<Object, VirtualFold> wanted, FactSink sink, long now)
            throws Throwable {
        for (Thread thread : threads) {
            if (wanted.isEmpty() || asked >= ASKED || !budget.take(now, RESERVE)) {
                return;
            }
            asked++;
            VirtualAccess.Look look = thread == Thread.currentThread() ? null : virtual.look(thread);
            if (look == null) {
                continue;
            }
            for (Object owned : look.owned()) {
                VirtualFold fold = owned == look.blockedOn() ? null : wanted.remove(owned);
                if (fold != null) {
                    fold.owner = thread;
                    sink.put(stack(thread, fold, look));
                }
            }
        }
    }

    private Row stack(Thread owner, VirtualFold fold, VirtualAccess.Look look) throws Throwable {
        return new Row(ThreadStackEvent.NAME)
                .put("thread", owner)
                .put("reason", "owner")
                .put("lockClassName", fold.subject.lockClass())
                .put("lockId", fold.subject.lockId())
                .put("state", access.state(owner).name())
                .put("stack", StackText.of(look.frames()));
    }
}
