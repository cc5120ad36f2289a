// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave.idiom;

import java.util.ArrayList;
import java.util.List;
import java.util.Vector;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;

/** As {@link StepSamples}, with atomic variables, stores and methods that help; only read by a test. */
@SuppressWarnings({"unused", "UnusedMethod", "UnusedVariable", "JdkObsolete"})
final class CallSamples {
    private final List<String> names = new ArrayList<>();
    private final ConcurrentHashMap<String, Object> sessions = new ConcurrentHashMap<>();
    private final Vector<Integer> rows = new Vector<>();
    private final AtomicInteger hits = new AtomicInteger();
    private final AtomicIntegerArray perHour = new AtomicIntegerArray(24);
    private final AtomicBoolean marked = new AtomicBoolean();
    private final AtomicReference<List<String>> plan = new AtomicReference<>();
    private final LongAdder added = new LongAdder();

    void increments() {
        rows.add(1);
    }

    void addsByAtomic(int more) {
        hits.set(hits.get() + more);
    }

    void addsToElement(int hour) {
        perHour.lazySet(hour, perHour.get(hour) + 1);
    }

    void addsToAnotherElement(int hour) {
        perHour.set(hour, perHour.get(0) + 1);
    }

    void takesFromAtomic() {
        if (hits.get() > 0) {
            hits.decrementAndGet();
        }
    }

    boolean takesAndAsks() {
        return hits.get() > 0 && hits.decrementAndGet() >= 0;
    }

    void marksOnce() {
        if (!marked.get()) {
            marked.set(true);
            increments();
        }
    }

    void marksOnly() {
        if (!marked.get()) {
            marked.set(true);
        }
    }

    void keepsMostAtomic(int value) {
        if (value > hits.get()) {
            hits.set(value);
        }
    }

    void plansIfNone() {
        if (plan.get() == null) {
            plan.set(StepSamples.known(names));
        }
    }

    void plansAgain(List<String> old) {
        if (plan.get() == old) {
            plan.set(StepSamples.known(names));
        }
    }

    void dropsWhatItSawGrow(int most) {
        int seen = hits.get();
        while (!hits.compareAndSet(seen, seen + 1)) {
            seen = hits.get();
        }
        hits.set(0);
    }

    void dropsInALoop(List<String> all) {
        for (int i = all.size(); i > 0; ) {
            i--;
            if (hits.get() < i) {
                continue;
            }
            hits.set(all.get(i).length());
        }
    }

    void raisesElement(int at) {
        rows.set(at, rows.get(at) + 1);
    }

    void countsAdded() {
        if (added.sum() < 100) {
            added.increment();
        }
    }

    static void names() {
        if (System.getProperty("acme.name") == null) {
            System.setProperty(
                    "acme.name", StepSamples.known(StepSamples.load()).toString());
        }
    }

    void countsInSession(Session session) {
        Integer old = (Integer) session.getAttribute("count");
        session.setAttribute("count", old == null ? 1 : old + 1);
    }

    void setsAnotherPart(Session session) {
        if (session.getAttribute("count") == null) {
            session.setLabel("count", new Object());
        }
    }

    void asksWhetherItWasPut(Session session) {
        if (session.get("count") == null && session.put("count", new Object())) {
            increments();
        }
    }

    boolean isOpen(String user) {
        return sessions.containsKey(user);
    }

    private void openFor(String user) {
        Object opened = new Object();
        sessions.put(user, opened);
    }

    private synchronized void openIfMissing(String user) {
        if (sessions.get(user) == null) {
            sessions.put(user, new Object());
        }
    }

    void opensByHelpers(String user) {
        if (!isOpen(user)) {
            openFor(user);
        }
    }

    void opensForAnother(String user, String other) {
        if (!isOpen(user)) {
            openFor(other);
        }
    }

    void opensByAWholeStep(String user) {
        if (!isOpen(user)) {
            openIfMissing(user);
        }
    }

    void opensInAnother(CallSamples there, String user) {
        if (!isOpen(user)) {
            there.openFor(user);
        }
    }

    void addsToProperty(Account account, long more) {
        account.setTotal(account.getTotal() + more);
    }

    void copiesProperty(Account account, Account other) {
        account.setTotal(other.getTotal());
    }

    void copiesAnotherProperty(Account account) {
        account.setTotal(account.getLimit());
    }

    void addsToStaticProperty() {
        Account.setRate(Account.getRate() + 1);
    }

    void opensAccountOnce(Account account) {
        if (!account.isOpen()) {
            increments();
            account.setOpen(true);
        }
    }

    static final class Account {
        private static int rate;
        private long total;
        private boolean open;

        long getTotal() {
            return total;
        }

        long getLimit() {
            return total;
        }

        void setTotal(long now) {
            total = now;
        }

        boolean isOpen() {
            return open;
        }

        void setOpen(boolean now) {
            open = now;
        }

        static int getRate() {
            return rate;
        }

        static void setRate(int now) {
            rate = now;
        }
    }

    interface Session {
        Object getAttribute(String name);

        Object get(String name);

        void setAttribute(String name, Object value);

        void setLabel(String name, Object value);

        boolean put(String name, Object value);
    }
}
