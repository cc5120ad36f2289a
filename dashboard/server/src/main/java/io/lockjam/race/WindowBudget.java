// SPDX-License-Identifier: Apache-2.0
package io.lockjam.race;

import java.io.IOException;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * What a window costs the target, and whether it has rested long enough for that. Of one thread.
 *
 * <p>Most of the cost is code that is compiled anew, for the probes and again without them, and that runs slowly until then. The
 * compilers' part is measured; the whole was 2.7 to 3.3 times that on H2 under load ({@code docs/overhead.md}).
 */
final class WindowBudget {
    private static final double SHARE_OF_CPU = 0.05;
    /** Nobody misses a hundredth of a core, in a target that does next to nothing. */
    private static final double SHARE_OF_CORE = 0.01;

    /** In the first minute: twice as much would be felt. */
    private static final double FIRST_SHARE_OF_CPU = 1 / 3.0;

    private static final double FIRST_SHARE_OF_CORE = 0.5;
    /** Compilers that run, or wait for a core, for more of the time than this have work left over. */
    private static final double BUSY = 0.5;

    private static final int WHOLE = 3;
    private static final Duration COMPILES = Duration.ofSeconds(15);
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private final TargetCpu cpu;
    private final LongSupplier nanoTime;
    private boolean isKnown;
    private long beganAt;
    private long endedAt;
    private Duration allBefore = Duration.ZERO;
    private Duration compilersBefore = Duration.ZERO;
    /** Negative until the compilers have had their time. */
    private double costNanos = -1;

    private long lookedAt;
    private Duration allThen = Duration.ZERO;
    private TargetCpu.Used lookedThen = TargetCpu.Used.NOTHING;
    private long countedAt;
    private Duration compilersThen = Duration.ZERO;
    /** Part of a core that the compilers used in the last rest: they have other work, too. */
    private double background;

    WindowBudget(TargetCpu cpu, LongSupplier nanoTime) {
        this.cpu = cpu;
        this.nanoTime = nanoTime;
    }

    /** Before the first class is woven. */
    void begin() {
        beganAt = nanoTime.getAsLong();
        try {
            allBefore = cpu.all();
            allThen = allBefore;
            lookedAt = beganAt;
            lookedThen = cpu.compilers();
            compilersBefore = lookedThen.ran();
            isKnown = true;
        } catch (IOException unreadable) {
            isKnown = false;
            return;
        }
        if (costNanos >= 0) {
            background = (double) compilersBefore.minus(compilersThen).toNanos() / Math.max(1, beganAt - countedAt);
        }
        costNanos = -1;
    }

    /** The classes have their own code again. */
    void end() {
        endedAt = nanoTime.getAsLong();
    }

    /**
     * Whether the window that goes on has cost no more so far than is allowed in the first minute, and the compilers are through with it
     * or the target does little; or nobody knows.
     */
    boolean isPaidAtOnce() {
        try {
            return !isKnown || isPaidAtOnce(nanoTime.getAsLong(), cpu.compilers());
        } catch (IOException unreadable) {
            return true;
        }
    }

    /**
     * Whether the compilers, or all of the target, have had little to do since this, or what the window has cost, was asked last; or
     * nobody knows.
     */
    boolean isCompiled() {
        try {
            return !isKnown || isCompiled(nanoTime.getAsLong(), cpu.compilers(), cpu.all());
        } catch (IOException unreadable) {
            return true;
        }
    }

    private boolean isCompiled(long now, TargetCpu.Used compilers, Duration all) {
        long passed = now - lookedAt;
        boolean compiled = compilers.wanted().minus(lookedThen.wanted()).toNanos() <= BUSY * passed
                || all.minus(allThen).toNanos() <= FIRST_SHARE_OF_CORE * passed;
        lookedAt = now;
        lookedThen = compilers;
        allThen = all;
        return compiled;
    }

    private boolean isPaidAtOnce(long now, TargetCpu.Used compilers) throws IOException {
        Duration all = cpu.all();
        boolean compiled = isCompiled(now, compilers, all);
        double cost = WHOLE * compilers.ran().minus(compilersBefore).toNanos();
        double used = all.minus(allBefore).toNanos();
        return compiled && cost <= Math.max(FIRST_SHARE_OF_CPU * used, FIRST_SHARE_OF_CORE * (now - beganAt));
    }

    /** Whether the window has cost no more than its share of what the target has used since it began, or nobody knows. */
    boolean isRested() {
        try {
            return !isKnown || nanoTime.getAsLong() - endedAt >= LONGEST.toNanos() || isPaid(nanoTime.getAsLong());
        } catch (IOException unreadable) {
            return true;
        }
    }

    private boolean isPaid(long now) throws IOException {
        if (now - endedAt < COMPILES.toNanos()) {
            return false;
        }
        if (costNanos < 0) {
            countedAt = now;
            compilersThen = cpu.compilers().ran();
            double again = compilersThen.minus(compilersBefore).toNanos() - background * (now - beganAt);
            costNanos = WHOLE * Math.max(0, again);
        }
        double used = cpu.all().minus(allBefore).toNanos();
        return costNanos <= Math.max(SHARE_OF_CPU * used, SHARE_OF_CORE * (now - beganAt));
    }

    /** CPU that the last window has cost; zero until that is known. */
    Duration cost() {
        return Duration.ofNanos(Math.max(0, Math.round(costNanos)));
    }
}
