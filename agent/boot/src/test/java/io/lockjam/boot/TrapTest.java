// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How long threads wait in traps. */
final class TrapTest {
    private static final int SITE = 7;
    private static final String LABEL = "com.acme.Settings.values I";

    private final Object settings = new Object();

    @BeforeEach
    void arm() {
        Traps.arm();
        Traps.next();
    }

    @AfterEach
    void disarm() {
        Traps.disarm();
    }

    private static void seconds(int count) {
        for (int i = 0; i < count * TrapBudget.TICKS_PER_SECOND; i++) {
            Traps.next();
        }
    }

    private long waited() {
        long before = Traps.counts().waitedNanos();
        Probe.field(settings, LABEL, SITE | Use.WRITES);
        return Traps.counts().waitedNanos() - before;
    }

    @Test
    void whereThreadsComeSeldomTheyWaitLonger() {
        seconds(2);

        assertThat(waited()).isGreaterThanOrEqualTo(5_000_000);
        assertThat(waited()).as("at once again").isZero();
    }

    /** As of a thread that has run out of stack: it stands in no trap any more, and its slot was not given back. */
    @Test
    void aTrapThatItsThreadCouldNotEndDoesNotKeepOthersOutForEver() throws InterruptedException {
        Thread stuck = new Thread(() -> Trap.occupy(LABEL, new Object()));
        stuck.start();
        stuck.join();
        assertThat(waited()).as("no room").isZero();
        seconds(3);

        assertThat(waited()).isPositive();
    }

    @Test
    void theManyLeaveSomethingToTheSeldom() {
        TrapBudget budget = new TrapBudget();
        budget.perSecond(Traps.WAIT_MICROS_PER_SECOND);
        budget.tick();
        budget.charge(1, 1, 200);

        assertThat(budget.left(2, 1, false)).isZero();
        assertThat(budget.left(2, 1, true)).isGreaterThan(6_000);
        budget.charge(2, 1, 9_000);
        assertThat(budget.left(2, 1, true)).as("a hundredth of its time").isLessThanOrEqualTo(1_000);
        budget.charge(3, 1, 11_000);
        assertThat(budget.left(4, 1, true)).as("nothing is left to lend").isZero();
    }

    /** Of a thread that is interrupted and so spins: how long it sleeps is up to the machine. */
    private long trapsInTheNextSecond() {
        long before = Traps.counts().set();
        Thread.currentThread().interrupt();
        for (int i = 0; i < TrapBudget.TICKS_PER_SECOND; i++) {
            Traps.next();
            Probe.field(settings, LABEL, SITE | Use.WRITES);
        }
        assertThat(Thread.interrupted()).isTrue();
        return Traps.counts().set() - before;
    }

    @Test
    void aSiteInVainIsTriedMoreOftenIfNobodyElseNeedsTheAllowance() {
        for (int i = 0; i < 6; i++) {
            trapsInTheNextSecond();
        }

        assertThat(trapsInTheNextSecond()).isGreaterThan(8);
        Trap.BUDGET.perSecond(TrapBudget.TICKS_PER_SECOND);
        Trap.BUDGET.charge(99, 1, Traps.WAIT_MICROS_PER_SECOND);
        assertThat(trapsInTheNextSecond()).isLessThan(8);
    }

    private boolean meets(Catch waiting, int use, int now) {
        Trap.hit(waiting, LABEL, use, now);
        return !waiting.waits();
    }

    @Test
    void aLookThatWasToldDoesNotHideTheChangeAfterIt() {
        Thread other = new Thread(() -> {});
        int change = SITE | Use.WRITES;
        int look = SITE + 1;
        Supplier<Catch> trap = () -> new Catch(settings, LABEL, 0, null, change, other);
        assertThat(meets(trap.get(), look, 1)).isTrue();

        Catch second = trap.get();
        int later = 1 + 2 * TrapBudget.TICKS_PER_SECOND;
        assertThat(meets(second, look, later)).as("told a moment ago").isFalse();
        assertThat(meets(second, change, later)).isTrue();
        assertThat(meets(trap.get(), change, later + 1)).as("once more").isTrue();
        assertThat(meets(trap.get(), look, 10 * TrapBudget.TICKS_PER_SECOND)).isTrue();
    }
}
