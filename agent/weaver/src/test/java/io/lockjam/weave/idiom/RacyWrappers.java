// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave.idiom;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Those of {@link Racy} that reach a collection by way of a view, a wrapper or a class of their own. */
final class RacyWrappers {
    private RacyWrappers() {}

    /** Read by way of a view that refuses changes. */
    static final class Viewed implements Idiom {
        private final Map<Integer, Integer> map = new HashMap<>();
        private final Map<Integer, Integer> view = Collections.unmodifiableMap(map);

        @Override
        public void step(int thread) {
            if (thread == 0) {
                map.put(1, 1);
            } else {
                look();
            }
        }

        private void look() {
            view.get(1);
        }
    }

    /** The wrapper locks each call, and nobody the iteration. */
    static final class Wrapped implements Idiom {
        private final List<Integer> list = Collections.synchronizedList(new ArrayList<>(List.of(1, 2, 3)));

        @Override
        public void step(int thread) {
            if (thread == 0) {
                list.set(1, 4);
                list.add(5);
                list.remove(3);
            } else {
                sum();
            }
        }

        private int sum() {
            int sum = 0;
            try {
                for (int each : list) {
                    sum += each;
                }
            } catch (RuntimeException broken) {
                Thread.onSpinWait();
            }
            return sum;
        }
    }

    /** What it overrides has no lock. */
    static final class Overridden extends HashMap<Integer, Integer> implements Idiom {
        private static final long serialVersionUID = 1;

        @Override
        public @Nullable Integer put(Integer key, Integer value) {
            return super.put(key, value);
        }

        @Override
        public void step(int thread) {
            put(thread, thread);
        }
    }

    /** One thread changes it, the others take all of it at once. */
    static final class Taken implements Idiom {
        private final List<Integer> list = new ArrayList<>(List.of(1, 2, 3));

        @Override
        public void step(int thread) {
            try {
                if (thread == 0) {
                    list.set(1, thread);
                } else if (thread == 1) {
                    copy();
                } else {
                    sum();
                }
            } catch (RuntimeException broken) {
                Thread.onSpinWait();
            }
        }

        private int copy() {
            return new ArrayList<>(list).size();
        }

        private int sum() {
            return list.stream().filter(each -> each > 1).mapToInt(each -> each).sum();
        }
    }

    /** One position for all. */
    static final class Positioned implements Idiom {
        private final ByteBuffer buffer = ByteBuffer.allocate(64);

        @Override
        public void step(int thread) {
            try {
                buffer.putInt(thread);
            } catch (RuntimeException full) {
                buffer.clear();
            }
        }
    }

    /** Of a class that implements nothing but the interface. */
    static final class Drawn implements Idiom {
        private final RandomGenerator random = RandomGenerator.of("Xoshiro256PlusPlus");

        @Override
        public void step(int thread) {
            random.nextInt(10);
        }
    }

    /** Two locks in both orders, inside the JDK; by one thread, or it would stand still. */
    @SuppressWarnings("JdkObsolete") // it is about that class
    static final class Nested implements Idiom {
        private final List<Integer> one = Collections.synchronizedList(new ArrayList<>());
        private final List<Integer> other = Collections.synchronizedList(new ArrayList<>());
        private final StringBuffer left = new StringBuffer();
        private final StringBuffer right = new StringBuffer();

        @Override
        public void step(int thread) {
            if (thread == 0) {
                one.addAll(other);
                other.addAll(one);
                left.append(right);
                right.append(left);
            }
        }
    }

    /** The calls are made by the JDK. */
    static final class Referred implements Idiom {
        private final List<Integer> list = new ArrayList<>();
        private final StringBuilder text = new StringBuilder();

        @Override
        public void step(int thread) {
            List.of(1, 2).forEach(list::add);
            Map.of(1, "a").values().forEach(text::append);
            if (thread == 0) {
                list.clear();
                text.setLength(0);
            }
        }
    }
}
