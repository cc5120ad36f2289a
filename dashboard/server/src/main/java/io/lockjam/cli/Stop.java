// SPDX-License-Identifier: Apache-2.0
package io.lockjam.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Lets a command wait until its time is over, its target is gone or the user has had enough, and clean up in the one
 * ordinary way whichever it was.
 *
 * <p>On Ctrl-C the JVM runs shutdown hooks and would halt when they return: ours releases the waiting command and then waits until it has
 * detached, written its report and called {@link #finished}.
 */
final class Stop {
    /** Why a command stops. */
    enum Reason {
        TIME_OVER,
        TARGET_ENDED,
        ASKED_TO_LEAVE,
        AGENT_LEFT,
        RECORDING_ENDED,
        INTERRUPTED
    }

    /** Detaching from a target that stands at a safepoint takes as long as that takes. */
    private static final long PATIENCE_SECONDS = 90;

    private final CountDownLatch over = new CountDownLatch(1);
    private final CountDownLatch finished = new CountDownLatch(1);
    private final CountDownLatch interrupted = new CountDownLatch(1);
    private final AtomicReference<@Nullable Reason> reason = new AtomicReference<>();
    private final AtomicInteger targets = new AtomicInteger(1);

    /** Takes charge of this process's signals, until {@link #finished}. */
    void onSignals() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::interrupted, "lockjam-stop"));
    }

    /** How many targets the command watches, if not one. */
    void targets(int number) {
        targets.set(number);
    }

    /** One target is gone: a reason to stop if it was the last. */
    void lost(Reason why) {
        if (targets.decrementAndGet() == 0) {
            because(why);
        }
    }

    /** The first reason given counts. */
    void because(Reason why) {
        reason.compareAndSet(null, why);
        over.countDown();
    }

    boolean requested() {
        return over.getCount() == 0;
    }

    boolean interruptedByUser() {
        return reason.get() == Reason.INTERRUPTED;
    }

    /** Waits for that long, or until somebody gives a reason. */
    void pause(Duration length) throws InterruptedException {
        boolean ignored = over.await(length.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Waits until somebody gives a reason or the time is over; null is without limit. */
    Reason await(@Nullable Duration limit) throws InterruptedException {
        if (limit == null) {
            over.await();
        } else if (!over.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            because(Reason.TIME_OVER);
        }
        Reason why = reason.get();
        return why == null ? Reason.TIME_OVER : why;
    }

    /** Whether the user has had enough within that time; also for a command that has another reason to stop already. */
    boolean interruptedWithin(Duration length) throws InterruptedException {
        return interrupted.await(length.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The command has cleaned up. */
    void finished() {
        finished.countDown();
    }

    /** Also runs at an ordinary exit: then the command has finished, and giving a reason changes nothing. */
    private void interrupted() {
        if (finished.getCount() == 0) {
            return;
        }
        because(Reason.INTERRUPTED);
        interrupted.countDown();
        try {
            if (!finished.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                System.err.println("lockjam: not everything could be cleaned up in " + PATIENCE_SECONDS + " s");
            }
        } catch (InterruptedException cut) {
            Thread.currentThread().interrupt();
        }
    }
}
