// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SlotHooksTest {
    private static final int MANY = 10 * SlotHooks.ALL_TIMED;

    private final Rehearsal.Slots pool = new Rehearsal.Slots();
    private final Object slot = new Object();

    @BeforeEach
    void on() {
        Hooks.install();
        Hooks.clear();
        Hooks.enable(true);
    }

    @AfterEach
    void off() {
        Hooks.enable(false);
        Hooks.clear();
    }

    @Test
    void countsEachUseAndTimesTheFirstOfASecondAndThenAFew() {
        uses(MANY);
        PoolRow row = Rows.flushed().pools.get(0);

        assertThat(row.arrivals()).isEqualTo(MANY);
        assertThat(row.completions()).isEqualTo(MANY);
        assertThat(row.timed())
                .isEqualTo(SlotHooks.ALL_TIMED + (MANY - SlotHooks.ALL_TIMED) / SlotHooks.TIMED)
                .isEqualTo(counted(row.queueHistogram()));
        assertThat(Hooks.status().faults()).isZero();
    }

    @Test
    void keepsNoStackOfWhoHasGivenItBack() {
        borrow(() -> slot);
        assertThat(SlotHooks.USES.find(slot)).extracting(use -> use.site).isNotNull();
        SlotHooks.returned(slot);
        assertThat(SlotHooks.USES.find(slot)).extracting(use -> use.site).isNull();
    }

    @Test
    void asksNoThreadOfTheApplicationForItsStack() throws InterruptedException {
        Thread holder = new Thread(() -> borrow(() -> slot)) {
            @Override
            public StackTraceElement[] getStackTrace() {
                throw new AssertionError("code of the application");
            }
        };
        holder.start();
        holder.join();
        SlotReader reader = new SlotReader(Objects.requireNonNull(SlotLibrary.of(Rehearsal.Slots.class)));
        PoolStat stat = Objects.requireNonNull(SlotHooks.USES.find(slot)).pool;
        long faults = Switches.faults();

        assertThat(SlotHooks.USES.holders(stat)).containsExactly(holder);
        assertThat(reader.holdersWaiting(stat)).isZero();
        assertThat(Switches.faults()).isEqualTo(faults);
    }

    @Test
    void aNewSecondBeginsWithTimedUsesAgain() {
        uses(MANY);
        Rows.flushed();
        uses(SlotHooks.ALL_TIMED);

        assertThat(Rows.flushed().pools.get(0).timed()).isEqualTo(SlotHooks.ALL_TIMED);
    }

    @Test
    void knowsWhoHasASlotAlsoWhereTheUseIsNotTimed() {
        uses(SlotHooks.ALL_TIMED + 1);
        borrow(() -> slot);
        PoolRow row = Rows.flushed().pools.get(0);
        SlotHooks.returned(slot);
        SlotHooks.returned(slot);

        assertThat(row.holder()).isEqualTo(Thread.currentThread().getName());
        assertThat(row.completions()).isEqualTo(SlotHooks.ALL_TIMED + 1);
        assertThat(Rows.flushed().pools.get(0).completions()).isOne();
    }

    @Test
    void countsWhoGetsNoneAsRefused() {
        uses(MANY);
        borrow(() -> null);
        borrow(() -> null);

        assertThat(Rows.flushed().pools.get(0).rejections()).isEqualTo(2);
    }

    private void uses(int number) {
        for (int i = 0; i < number; i++) {
            borrow(() -> slot);
            SlotHooks.returned(slot);
        }
    }

    private void borrow(Supplier<@Nullable Object> lent) {
        SlotHooks.afterBorrow(pool, lent.get(), SlotHooks.beforeBorrow(pool));
    }

    /** All durations of a histogram as it is written: counts of buckets, separated by blanks. */
    private static long counted(String histogram) {
        long counted = 0;
        for (String bucket : histogram.split("[ ,]")) {
            counted += bucket.isEmpty() ? 0 : Long.parseLong(bucket.substring(bucket.indexOf(':') + 1));
        }
        return counted;
    }
}
