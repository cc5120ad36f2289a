// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OrderTest {
    private static final long SMALL_STACK = 256 * 1024;

    @AfterEach
    void end() {
        Predictions.end();
        Switches.clearFaults();
    }

    static List<Consumer<Object>> hooks() {
        return List.of(
                any -> Order.exit(Order.enter(OrderTest.class)), any -> Order.release(any), any -> Order.acquire(any));
    }

    @ParameterizedTest
    @MethodSource("hooks")
    void aFaultOfOursGoesNoFurtherAndEndsThePredictions(Consumer<Object> hook) throws InterruptedException {
        Predictions.begin(new String[] {"com.acme.*"}, false);
        Predictions.judge();
        assertThat(Predictions.judges()).isTrue();
        Deep deep = new Deep(hook);

        Thread thread = new Thread(null, deep, "deep", SMALL_STACK);
        thread.start();
        thread.join();
        HappensBefore.countFault();

        assertThat(deep.leaked()).isEmpty();
        assertThat(Predictions.stopped()).isEqualTo("a fault of ours");
        assertThat(Predictions.judges()).isFalse();
        assertThat(Switches.faults()).isEqualTo(1);
    }

    private static Strand strandOf(Consumer<Strand> steps) throws InterruptedException {
        AtomicReference<Strand> strand = new AtomicReference<>();
        Thread thread = new Thread(() -> {
            strand.set(Strands.current());
            steps.accept(Strands.current());
        });
        thread.start();
        thread.join();
        return Objects.requireNonNull(strand.get());
    }

    @Test
    void whoHearsOfAThreadHearsOfThoseThatItHasJoined() throws InterruptedException {
        Predictions.begin(new String[] {"com.acme.*"}, false);
        Strand ended = strandOf(strand -> {});
        Strand me = Strands.current();

        assertThat(strandOf(Strands::heardOfAll).knows(ended, ended.epoch))
                .as("nobody has joined it, and it has let nothing go")
                .isFalse();
        HappensBefore.acquireThread(me, Objects.requireNonNull(ended.thread));
        HappensBefore.releaseCommon(me);
        assertThat(strandOf(Strands::heardOfAll).knows(ended, ended.epoch)).isTrue();
    }

    /** A program that calls itself until its stack is full, as woven code would. */
    private static final class Deep implements Runnable {
        private final @Nullable StackOverflowError[] caught = new StackOverflowError[1_000];
        private final Consumer<Object> hook;
        private int count;

        Deep(Consumer<Object> hook) {
            this.hook = hook;
        }

        @Override
        public void run() {
            try {
                dive();
            } catch (StackOverflowError expected) {
                Thread.onSpinWait();
            }
        }

        @SuppressWarnings("InfiniteRecursion") // to the end of the stack
        private void dive() {
            try {
                hook.accept(this);
            } catch (StackOverflowError overflow) { // no call here: it would come again
                if (count < caught.length) {
                    caught[count++] = overflow;
                }
            }
            dive();
        }

        /** Where our code was, for those errors that it has let out; one at the call of a hook is the program's own. */
        Stream<String> leaked() {
            return Arrays.stream(caught)
                    .filter(Objects::nonNull)
                    .map(each -> each.getStackTrace()[0].getClassName())
                    .filter(name -> !name.equals(Order.class.getName()) && !name.startsWith(OrderTest.class.getName()));
        }
    }
}
