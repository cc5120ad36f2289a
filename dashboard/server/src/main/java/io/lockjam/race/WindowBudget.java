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
            compilersBefore = cpu.compilers();
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
            compilersThen = cpu.compilers();
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
