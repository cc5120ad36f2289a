// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import io.lockjam.model.Frame;
import io.lockjam.model.Histogram;
import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import io.lockjam.model.WaitKind;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One lock, or other thing threads wait for, over a range; never a queue.
 *
 * @param id stable in a session, for URLs: kind, class and identity or name
 * @param name what the code calls it, such as {@code com.acme.Cache.lock}; its class and a site if no name is known
 * @param identity hexadecimal; {@code "0"} if the row stands for several objects or none could be told
 * @param objects distinct objects in this row as far as can be proved; 1 for a single lock
 * @param sampled the count and the sums are estimates
 * @param contentions waits that ended in the range
 * @param waitTotal of the waits that ended, in thread time
 * @param waitingTotal thread time of waits that had not ended at the end of the range; 0 if it is in {@code waitTotal}, of virtual threads that take turns at a monitor
 * @param waits distribution of the waits that ended
 * @param holds hold times that could be told from successive grants
 * @param waiting threads waiting at the last snapshot of the range
 * @param waiters distinct threads seen waiting
 * @param pausedTotal part of {@code waitTotal} in which all threads stood still for the JVM
 * @param sampledWaits single waits with stacks that {@code sites} and {@code blame} rest on
 * @param sites where threads waited, most wait first; scaled so that they add up to {@code waitTotal}
 * @param blame waiting site against holding site, most wait first; scaled likewise
 * @param ways the callers through which threads came to wait, by the application frames nearest to the lock
 * @param passedOn part of {@code waitTotal} in waits ended by threads that wait here themselves, each of which let one go on
 * @param endedByWaiters the same with those that let nobody go on: whoever gave something back may have taken it again at once
 * @param last who came last to a barrier or phaser, in how many rounds, and how long the others waited in them
 * @param owners who held it while others waited, most wait first
 */
public record LockWindow(
        String id,
        WaitKind kind,
        String className,
        String name,
        String identity,
        int objects,
        boolean sampled,
        Range range,
        long contentions,
        Duration waitTotal,
        Duration waitingTotal,
        Duration waitMax,
        Histogram waits,
        long holds,
        Duration held,
        Duration longestHold,
        int waiting,
        int waiters,
        Duration pausedTotal,
        long sampledWaits,
        List<SiteShare> sites,
        List<Blame> blame,
        List<Part> owners,
        List<Part> releasers,
        List<Part> waitingThreads,
        List<String> ways,
        Duration passedOn,
        Duration endedByWaiters,
        List<Part> last) {

    /** A row whose callers are not known. */
    public LockWindow(
            String id,
            WaitKind kind,
            String className,
            String name,
            String identity,
            int objects,
            boolean sampled,
            Range range,
            long contentions,
            Duration waitTotal,
            Duration waitingTotal,
            Duration waitMax,
            Histogram waits,
            long holds,
            Duration held,
            Duration longestHold,
            int waiting,
            int waiters,
            Duration pausedTotal,
            long sampledWaits,
            List<SiteShare> sites,
            List<Blame> blame,
            List<Part> owners,
            List<Part> releasers,
            List<Part> waitingThreads) {
        this(
                id,
                kind,
                className,
                name,
                identity,
                objects,
                sampled,
                range,
                contentions,
                waitTotal,
                waitingTotal,
                waitMax,
                waits,
                holds,
                held,
                longestHold,
                waiting,
                waiters,
                pausedTotal,
                sampledWaits,
                sites,
                blame,
                owners,
                releasers,
                waitingThreads,
                List.of(),
                Duration.ZERO,
                Duration.ZERO,
                List.of());
    }

    /** Where threads waited: the stack of the longest wait stands for all. */
    public record SiteShare(@Nullable Frame site, Stack stack, long waits, Duration waited) {}

    /**
     * One cell of the blame matrix.
     *
     * @param holder the line that held; null if not known
     * @param doing what the holder did for most of that wait
     */
    public record Blame(
            @Nullable Frame waiter,
            @Nullable Frame holder,
            Doing doing,
            @Nullable String detail,
            Duration waited,
            long waits,
            Stack waiterStack,
            Stack holderStack,
            @Nullable Frame takenAt) {}

    /** A thread and the wait it has part in. */
    public record Part(ThreadRef thread, long waits, Duration waited) {}

    /** Whether who waits for it is held up, rather than waiting for something to do; see {@link Parts}. */
    public boolean holdsUp() {
        return Parts.of(kind, false) == Account.Part.LOCK;
    }

    /** Thread seconds lost per second: waits that ended and those that have not. */
    public double lostPerSecond() {
        return (waitTotal.toNanos() + waitingTotal.toNanos()) / 1e9 / Math.max(1e-9, range.seconds());
    }

    public double contentionsPerSecond() {
        return contentions / Math.max(1e-9, range.seconds());
    }

    public Duration meanWait() {
        return contentions == 0 ? Duration.ZERO : waitTotal.dividedBy(contentions);
    }

    /** Zero if no hold could be told. */
    public Duration meanHold() {
        return holds == 0 ? Duration.ZERO : held.dividedBy(holds);
    }

    public Duration waitP50() {
        return Duration.ofNanos(Math.min(waits.quantile(0.50), waitMax.toNanos()));
    }

    public Duration waitP99() {
        return Duration.ofNanos(Math.min(waits.quantile(0.99), waitMax.toNanos()));
    }
}
