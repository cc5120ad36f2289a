// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Catches races in the act: a thread waits a moment before an access; another that comes to a conflicting access is proof.
 *
 * <p>The first has done all its synchronising and not yet its access, and so has the second, so neither access is ordered
 * before the other, whatever else in the program we do not see.
 *
 * <p>A wait never parks, since a permit of LockSupport belongs to the application, and never blocks on a lock: a thread of
 * the platform sleeps with its interrupt kept, a virtual one, whose sleep would take the permit, waits for a notification
 * that does not come, and one that holds a lock only spins.
 */
final class Trap {
    /** A spin of 50 µs costs less than being scheduled twice. */
    private static final long SPIN_NANOS = 50_000;

    private static final int SPIN_MICROS = 50;
    /** With a lock: others may come for it and wait as long. */
    private static final long LOCKED_NANOS = 300_000;

    /** What Thread.sleep(1) really takes. */
    private static final int SLEEP_MICROS = 1_200;
    /** Where a thread comes once in a second or less, another one is met in a long wait or hardly ever. */
    private static final int SELDOM_SLEEPS = 5;

    /** After so many traps in vain at one site they become half as frequent. */
    private static final int IN_VAIN = 8;
    /** At least four a second at a site that is passed that often. */
    private static final int LONGEST_PAUSE = TrapBudget.TICKS_PER_SECOND / 4;
    /** At least 25 where there are so few sites that most of the allowance is left over. */
    private static final int IDLE_PAUSE = TrapBudget.TICKS_PER_SECOND / 25;

    /** Where each thread looks before it changes, the look is met first: for so long it does not hide a second change. */
    private static final int LOOK_PERIOD = 5 * TrapBudget.TICKS_PER_SECOND;

    private static final int FIELDS = 2;
    private static final int ARRAYS = FIELDS;
    private static final int CALLS = ARRAYS + 1;
    private static final int STEPS = CALLS + 1;
    private static final int PAIRS = 1024;

    static final TrapBudget BUDGET = new TrapBudget();
    static final AtomicLong SET = new AtomicLong();
    static final AtomicLong HITS = new AtomicLong();
    static final AtomicLong WAITED_NANOS = new AtomicLong();

    private static final AtomicReferenceArray<@Nullable Catch> SLOTS = new AtomicReferenceArray<>(STEPS + 1);
    /** What was there a second ago; the agent's thread only. */
    private static final @Nullable Catch[] BEFORE = new @Nullable Catch[STEPS + 1];
    /** Tick of the next trap at a site, and traps in vain there; racing updates cost at most a trap. */
    private static final int[] NEXT = new int[Use.SITES];

    private static final int[] VAIN = new int[Use.SITES];
    /** Upper half: the pair of sites; lower half: tick of its last event. */
    private static final AtomicLongArray TOLD = new AtomicLongArray(PAIRS);

    private static final @Nullable Class<?> VIRTUAL = virtual();

    private Trap() {}

    static void meet(int now, Object target, @Nullable String label, int index, int use) {
        int slot = label == null ? ARRAYS : label.hashCode() & (FIELDS - 1);
        Catch waiting = SLOTS.get(slot);
        if (waiting != null) {
            if (waiting.conflicts(target, label, index, use, false)) {
                hit(waiting, label, use, now);
            }
        } else if (now - NEXT[Use.site(use)] >= 0) {
            set(now, slot, target, label, index, null, use);
        }
    }

    /**
     * Before a call.
     *
     * @param guard what the call itself locks: while it waits, whoever comes to the object without that lock is not ordered
     */
    static void meetCall(int now, Object receiver, @Nullable Object guard, String method, int use) {
        Catch waiting = SLOTS.get(CALLS);
        if (waiting != null) {
            if (waiting.conflicts(receiver, method, 0, use, true) && waiting.isOpenTo(guard)) {
                hit(waiting, method, use, now);
            }
        } else if (now - NEXT[Use.site(use)] >= 0) {
            set(now, CALLS, receiver, method, 0, guard, use);
        }
    }

    /**
     * Before a change by what was seen: two threads that stand here have both looked, so the second one changes what is not any
     * more as it was. That is so in whatever order; of a collection it holds for one key.
     */
    static void meetStep(int now, Object whole, @Nullable Object key, String label, int use) {
        meetStep(now, whole, key, null, label, use);
    }

    /** @param value what is put, if it is to be found there before this is told; see {@link Stores} */
    @SuppressWarnings("ReferenceEquality") // labels are constants
    static void meetStep(int now, Object whole, @Nullable Object key, @Nullable Object value, String label, int use) {
        Catch waiting = SLOTS.get(STEPS);
        if (waiting == null) {
            if (now - NEXT[Use.site(use)] >= 0) {
                set(now, STEPS, key == null ? whole : new Steps.Entry(whole, key, value), label, 0, null, use);
            }
        } else if (Use.has(use, Use.ORDERED)
                ? waiting.label == label && waiting.target == whole
                : Steps.isSame(waiting.target, whole, key)) {
            hit(waiting, label, use, now);
        }
    }

    /** Whether {@link #meetStatic} would do anything. */
    @SuppressWarnings("ReferenceEquality") // labels are constants
    static boolean wantsStatic(int now, String label, int use) {
        Catch waiting = SLOTS.get(label.hashCode() & (FIELDS - 1));
        return waiting == null ? now - NEXT[Use.site(use)] >= 0 : waiting.label == label;
    }

    /**
     * The class has to be initialised first, as the access itself would do: only then is the access really next (an
     * initialiser orders what it did before whoever waited for it). An error is thrown as the access would throw it.
     */
    static void meetStatic(int now, Class<?> owner, String label, int use) {
        if (!wantsStatic(now, label, use)) {
            return;
        }
        int slot = label.hashCode() & (FIELDS - 1);
        Catch waiting = SLOTS.get(slot);
        Class<?> declaring = declaring(owner, label);
        if (!initialised(declaring)) {
            return;
        }
        if (waiting == null) {
            set(now, slot, declaring, label, 0, null, use);
        } else if (waiting.conflicts(declaring, label, 0, use, false)) {
            hit(waiting, label, use, now);
        }
    }

    static boolean initialised(Class<?> type) {
        try {
            Class.forName(type.getName(), true, type.getClassLoader());
            return true;
        } catch (ClassNotFoundException hidden) {
            return false;
        }
    }

    static Class<?> declaring(Class<?> owner, String label) {
        try {
            return declares(owner, label);
        } catch (Throwable fault) { // a boundary: no room for a name
            Switches.faulted = true;
            return owner;
        }
    }

    private static Class<?> declares(Class<?> owner, String label) {
        for (Class<?> at = owner; at != null; at = at.getSuperclass()) {
            String name = at.getName();
            int length = name.length();
            if (label.startsWith(name) && label.length() > length && label.indexOf('.', length + 1) < 0) {
                return at;
            }
        }
        return owner;
    }

    private static void set(
            int now, int slot, Object target, @Nullable String label, int index, @Nullable Object guard, int use) {
        try {
            Thread me = Thread.currentThread();
            long id = Threads.id(me);
            boolean seldom = now - NEXT[Use.site(use)] >= TrapBudget.TICKS_PER_SECOND;
            int allowed = BUDGET.left(id, now, seldom);
            if (allowed < SPIN_MICROS || HeldLocks.wantedByOthers(me)) {
                return;
            }
            Catch mine = new Catch(target, label, index, guard, use, me);
            if (!SLOTS.compareAndSet(slot, null, mine)) {
                return;
            }
            long begin = System.nanoTime();
            boolean fits = seldom && allowed >= SELDOM_SLEEPS * SLEEP_MICROS;
            await(mine, me, (VAIN[Use.site(use)] & 1) == 0 || seldom ? allowed : 0, fits ? SELDOM_SLEEPS : 1, begin);
            boolean inVain = mine.compareAndSet(Catch.WAITING, Catch.OVER);
            SLOTS.set(slot, null);
            long waited = System.nanoTime() - begin;
            BUDGET.charge(id, now, (int) Math.min(1_000_000, waited / 1_000));
            SET.getAndIncrement();
            WAITED_NANOS.getAndAdd(waited);
            schedule(Use.site(use), now, inVain && !mine.met);
            if (!inVain) {
                firstSide(mine, me);
            }
        } catch (Throwable fault) { // a boundary: the access goes on
            Switches.faulted = true;
            SLOTS.set(slot, null);
        }
    }

    /** Sleeps, or spins where it must not or may not: short waits in turn with long ones make more of the allowance. */
    private static void await(Catch mine, Thread me, int allowed, int sleeps, long begin) {
        boolean locked = HeldLocks.any(me);
        if (allowed < SLEEP_MICROS || me.isInterrupted() || locked) {
            spin(mine, me, locked && allowed >= SLEEP_MICROS ? LOCKED_NANOS : SPIN_NANOS, begin);
            return;
        }
        try {
            for (int i = 0; i < sleeps && mine.waits(); i++) {
                sleep(mine, me);
            }
        } catch (InterruptedException keep) {
            me.interrupt();
        }
    }

    private static void spin(Catch mine, Thread me, long nanos, long begin) {
        long looks = SPIN_NANOS;
        for (long spent = 0; mine.waits() && spent < nanos; spent = System.nanoTime() - begin) {
            if (spent > looks) {
                if (HeldLocks.wantedByOthers(me)) {
                    return;
                }
                looks = spent + SPIN_NANOS;
            }
            Thread.onSpinWait();
        }
    }

    @SuppressWarnings("WaitNotInLoop") // nobody notifies: whoever comes ends it by the state
    private static void sleep(Catch mine, Thread me) throws InterruptedException {
        if (VIRTUAL == null || !VIRTUAL.isInstance(me)) {
            Thread.sleep(1);
            return;
        }
        synchronized (mine) {
            mine.wait(1);
        }
    }

    private static void schedule(int site, int now, boolean inVain) {
        int vain = inVain ? Math.min(VAIN[site] + 1, 64 * IN_VAIN) : 0;
        VAIN[site] = vain;
        int pause = Math.min(BUDGET.isAmple() ? IDLE_PAUSE : LONGEST_PAUSE, 1 << Math.min(10, vain / IN_VAIN));
        NEXT[site] = now + (inVain ? pause : LONGEST_PAUSE / 2);
    }

    static void hit(Catch waiting, @Nullable String label, int use, int now) {
        try {
            Thread me = Thread.currentThread();
            if (waiting.first == me || !waiting.waits()) {
                return;
            }
            boolean looks = Use.has(waiting.use, Use.WRITES) && !Use.has(use, Use.WRITES);
            if (looks && isTold(pair(Use.site(waiting.use), Use.site(use)), now, LOOK_PERIOD)) {
                waiting.met = true; // and goes on until its change comes
                return;
            }
            if (!waiting.compareAndSet(Catch.WAITING, Catch.HIT)) {
                return;
            }
            HITS.getAndIncrement();
            if (due(Use.site(waiting.use), Use.site(use), now)) {
                waiting.told = true;
                waiting.second = me;
                waiting.secondUse = use;
                waiting.secondLabel = label;
                waiting.secondLocks = HeldLocks.names(me);
                waiting.secondStack = new Throwable();
            }
            if (waiting.complete()) {
                offer(waiting);
            }
        } catch (Throwable fault) { // a boundary: the access goes on
            Switches.faulted = true;
        }
    }

    private static void firstSide(Catch mine, Thread me) {
        mine.firstLocks = HeldLocks.names(me, mine.guard);
        mine.firstStack = new Throwable();
        if (mine.complete()) {
            offer(mine);
        }
    }

    private static void offer(Catch both) {
        Thread second = both.second;
        Throwable firstStack = both.firstStack;
        Throwable secondStack = both.secondStack;
        if (!both.told || second == null || firstStack == null || secondStack == null) {
            return;
        }
        Caught caught = new Caught(
                false,
                Steps.whole(both.target),
                Traps.target(both),
                both.label,
                both.secondLabel,
                both.index,
                both.first,
                both.use,
                firstStack,
                both.firstLocks,
                second,
                both.secondUse,
                secondStack,
                both.secondLocks);
        if (both.target instanceof Steps.Entry entry && entry.value() != null) {
            Stores.doubt(caught, entry);
        } else {
            Traps.offer(caught);
        }
    }

    /** Once a second for each pair of sites; a pair that shares a slot with another takes turns with it. */
    private static boolean due(int one, int other, int now) {
        int pair = pair(one, other);
        long known = TOLD.get(slot(pair));
        return !isTold(pair, now, TrapBudget.TICKS_PER_SECOND)
                && TOLD.compareAndSet(slot(pair), known, ((long) (pair + 1) << 32) | now);
    }

    /** Whether the pair was told within the last ticks. */
    private static boolean isTold(int pair, int now, int ticks) {
        long known = TOLD.get(slot(pair));
        return (int) (known >>> 32) == pair + 1 && now - (int) known < ticks;
    }

    private static int pair(int one, int other) {
        return Math.min(one, other) * Use.SITES + Math.max(one, other);
    }

    private static int slot(int pair) {
        return (pair ^ (pair >>> 12) ^ (pair >>> 20)) & (PAIRS - 1);
    }

    /** Runs both sides of a hit on one thread. */
    static void rehearse(Catch staged) {
        Switches.faulted = false; // linked here, as the handlers need it
        hit(staged, staged.label, staged.use, 1);
        firstSide(staged, Thread.currentThread());
    }

    /** Frees the slots that one and the same wait has had for a whole second: its thread ran out of stack when it ended. */
    static void free() {
        for (int slot = 0; slot <= STEPS; slot++) {
            Catch there = SLOTS.get(slot);
            boolean stuck = there != null && there == BEFORE[slot];
            BEFORE[slot] = stuck && SLOTS.compareAndSet(slot, there, null) ? null : there;
        }
    }

    /** Leaves a trap behind, for tests. */
    static void occupy(String label, Object target) {
        SLOTS.set(label.hashCode() & (FIELDS - 1), new Catch(target, label, 0, null, 0, Thread.currentThread()));
    }

    /** Forgets how often threads have waited in vain. */
    static void hope() {
        for (int i = 0; i < Use.SITES; i++) {
            VAIN[i] = 0;
        }
    }

    static void reset() {
        hope();
        for (int i = 0; i < Use.SITES; i++) {
            NEXT[i] = 0;
        }
        for (int i = 0; i < PAIRS; i++) {
            TOLD.set(i, 0);
        }
        BUDGET.reset();
    }

    private static @Nullable Class<?> virtual() {
        try {
            return Class.forName("java.lang.BaseVirtualThread", false, null);
        } catch (ClassNotFoundException before21) {
            return null;
        }
    }
}
