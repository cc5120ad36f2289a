// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One thread that waits just before an access, and the thread that came to a conflicting one meanwhile.
 *
 * <p>The state alone decides: whoever moves it from WAITING to HIT is a second thread that stands before its access while
 * the first stands before its own.
 */
final class Catch extends AtomicInteger {
    static final int WAITING = 0;
    static final int HIT = 1;
    static final int OVER = 2;

    private static final long serialVersionUID = 1;

    final transient Object target;
    final transient @Nullable String label;
    final int index;
    /** What the call that comes next locks by itself. */
    final transient @Nullable Object guard;

    final int use;
    final transient Thread first;

    transient volatile @Nullable Throwable firstStack;
    transient volatile @Nullable Throwable secondStack;
    transient volatile @Nullable Thread second;
    transient volatile @Nullable String secondLabel;
    transient volatile String firstLocks = "";
    transient volatile String secondLocks = "";
    volatile int secondUse;
    /** Whether this pair of sites is due for an event. */
    volatile boolean told;
    /** Whether another thread came to a look whose pair with this change was told a moment ago. */
    volatile boolean met;

    private final AtomicInteger parts = new AtomicInteger();

    Catch(Object target, @Nullable String label, int index, @Nullable Object guard, int use, Thread first) {
        super(WAITING);
        this.target = target;
        this.label = label;
        this.index = index;
        this.guard = guard;
        this.use = use;
        this.first = first;
    }

    boolean waits() {
        return get() == WAITING;
    }

    /** Calls are told apart by their receiver, all else by label and index too. */
    @SuppressWarnings("ReferenceEquality") // labels are constants of class files: one object for one text
    boolean conflicts(Object other, @Nullable String otherLabel, int otherIndex, int otherUse, boolean call) {
        return target == other
                && (call || (label == otherLabel && index == otherIndex))
                && ((use | otherUse) & Use.WRITES) != 0;
    }

    /**
     * Whether the lock that the first thread's call is about to take does not order the current thread.
     *
     * @param otherGuard what that one is about to lock itself: then it is not known who holds what
     */
    boolean isOpenTo(@Nullable Object otherGuard) {
        return otherGuard == null && (guard == null || !Thread.holdsLock(guard));
    }

    /** True for the second of the two that have written down their side. */
    boolean complete() {
        return parts.incrementAndGet() == 2;
    }
}
