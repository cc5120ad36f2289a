// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.boot.Use;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which checks of a field ask whether it has no value yet. */
final class UnsetTestsTest {
    /** The methods whose names begin with "fills" do; each is there for a plain field and for a volatile one. */
    static final class Samples {
        private long zero;
        private int minusOne = -1;
        private long longMinusOne = -1;
        private double mean;
        private long last;
        private int mask;
        private int limit;
        private final int[] slots = new int[8];
        private int phase;
        private volatile long volatileZero;
        private volatile int volatileMinusOne = -1;
        private volatile long volatileLast;
        private volatile int volatileMask;

        void fillsZero() {
            if (zero == 0) {
                zero = System.nanoTime();
            }
        }

        void fillsMinusOne() {
            if (minusOne == -1) {
                minusOne = hashCode();
            }
        }

        void fillsLongMinusOne() {
            if (longMinusOne == -1) {
                longMinusOne = System.nanoTime();
            }
        }

        void fillsMean() {
            if (mean == 0) {
                mean = Math.random();
            }
        }

        void fillsSlot(int at) {
            if (slots[at] == 0) {
                slots[at] = hashCode();
            }
        }

        void movesBack(int last, int at) {
            int found = slots[at];
            if (found == 0) {
                return;
            }
            slots[last] = found;
        }

        void goesOnWithTime() {
            long now = System.nanoTime();
            if (now != last) {
                last = System.currentTimeMillis();
            }
        }

        void looksAtBits() {
            if ((mask & 3) == 0) {
                mask = hashCode();
            }
        }

        void looksAtLimit() {
            if (limit == 5) {
                limit = hashCode();
            }
        }

        void goesOnBySwitch() {
            switch (phase) {
                case 0 -> phase = slots.length;
                case 1 -> phase = hashCode();
                default -> {}
            }
        }

        void goesOnByTable() {
            switch (phase) {
                case 0 -> phase = slots.length;
                case 1 -> phase = hashCode();
                case 2 -> phase = slots.length + 1;
                default -> {}
            }
        }

        void fillsVolatileZero() {
            if (volatileZero == 0) {
                volatileZero = System.nanoTime();
            }
        }

        void fillsVolatileMinusOne() {
            if (volatileMinusOne == -1) {
                volatileMinusOne = hashCode();
            }
        }

        void goesOnWithVolatileTime() {
            long now = System.nanoTime();
            if (now != volatileLast) {
                volatileLast = System.currentTimeMillis();
            }
        }

        void looksAtVolatileBits() {
            if ((volatileMask & 3) == 0) {
                volatileMask = hashCode();
            }
        }
    }

    private static byte @Nullable [] bytes(String name) {
        try (InputStream in = ClassLoader.getSystemResourceAsStream(name + ".class")) {
            return in == null ? null : in.readAllBytes();
        } catch (IOException unreadable) {
            return null;
        }
    }

    private static Set<String> methods(int bit) {
        byte[] file = Objects.requireNonNull(bytes(Samples.class.getName().replace('.', '/')));
        return Objects.requireNonNull(new FieldProbeWeaver(UnsetTestsTest::bytes).weave(file)).sites().stream()
                .filter(site -> Use.has(site.use(), bit))
                .map(ProbeSite::method)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void zeroAndMinusOneStandForNoValue() {
        Set<String> fill = methods(Use.CHECK_THEN_ACT);
        fill.removeIf(method -> !method.startsWith("fills"));

        assertThat(fill).hasSize(7);
        assertThat(methods(Use.DEFAULT_TEST)).isEqualTo(fill);
    }

    @Test
    void aCheckOfWhatWasComputedFromTheFieldIsStillACheck() {
        assertThat(methods(Use.CHECK_THEN_ACT))
                .contains(
                        "goesOnBySwitch",
                        "goesOnByTable",
                        "goesOnWithTime",
                        "goesOnWithVolatileTime",
                        "looksAtBits",
                        "looksAtLimit",
                        "looksAtVolatileBits");
    }
}
