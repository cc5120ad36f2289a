// SPDX-License-Identifier: Apache-2.0
package io.lockjam.race;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.control.ClassBytes;
import io.lockjam.control.LoadedList;
import io.lockjam.control.StandingOutcome;
import io.lockjam.control.WeaveOutcome;
import io.lockjam.control.WindowOutcome;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** However a look ends, the target has its own code again. */
final class RaceLookTest {
    private static final String SHOP = "com.acme.Shop";

    /** An agent that counts what it is told. */
    private static final class Told implements RaceLink {
        final CountDownLatch armed = new CountDownLatch(1);
        final CountDownLatch predicting = new CountDownLatch(1);
        final AtomicInteger ended = new AtomicInteger();
        volatile boolean gone;
        volatile boolean odd;
        final CountDownLatch asked = new CountDownLatch(1);
        volatile boolean slow;

        @Override
        public LoadedList classes(List<String> patterns, int most) throws IOException {
            answer();
            return new LoadedList(1, List.of(new LoadedList.Loaded(SHOP, "app", "file:/app.jar")));
        }

        @Override
        public WeaveOutcome probe(List<String> internalNames) throws IOException {
            asked.countDown();
            if (slow) {
                waitAsForAnAnswer();
            }
            return new WeaveOutcome(internalNames, List.of(), 1);
        }

        @Override
        public void arm(int millis) {
            armed.countDown();
            if (odd) {
                throw new IllegalStateException("odd");
            }
        }

        @Override
        public WindowOutcome end() throws IOException {
            answer();
            ended.incrementAndGet();
            return new WindowOutcome(new WeaveOutcome(List.of(), List.of(), 1), List.of(), 5, 2, 3, 0);
        }

        @Override
        public void predict(List<String> patterns) {
            predicting.countDown();
        }

        @Override
        public StandingOutcome standingProbes() throws IOException {
            answer();
            return StandingOutcome.NONE;
        }

        @Override
        public void prober(Function<ClassBytes, byte @Nullable []> prober) {}

        /** Cut off by an interrupt, which stays set. */
        private static void waitAsForAnAnswer() throws IOException {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException cut) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while waiting for an answer", cut);
            }
        }

        private void answer() throws IOException {
            if (gone || Thread.currentThread().isInterrupted()) {
                throw new IOException("closed");
            }
        }
    }

    private final Told agent = new Told();

    @Test
    void anOpenWindowIsClosed() throws Exception {
        RaceLook look = RaceLook.start(
                agent, Patterns.AUTO, new Nominator(), ProcessHandle.current().pid());
        assertThat(agent.armed.await(10, TimeUnit.SECONDS)).isTrue();

        look.close();

        assertThat(agent.ended).hasValue(1);
        assertThat(look.hasProbed(SHOP)).isTrue();
        assertThat(look.state().armed()).isFalse();
        assertThat(look.state().traps()).isEqualTo(5);
    }

    @Test
    void aWindowThatIsJustBeingPutInIsTakenOut() throws Exception {
        agent.slow = true;
        RaceLook look = RaceLook.start(
                agent, Patterns.AUTO, new Nominator(), ProcessHandle.current().pid());
        assertThat(agent.asked.await(10, TimeUnit.SECONDS)).isTrue();

        look.close();

        assertThat(agent.ended).hasValue(1);
        assertThat(look.state().says()).isEqualTo("stopped");
    }

    @Test
    void aFaultOfOursClosesTheWindow() throws Exception {
        agent.odd = true;
        RaceLook look = RaceLook.start(
                agent, Patterns.AUTO, new Nominator(), ProcessHandle.current().pid());
        assertThat(agent.armed.await(10, TimeUnit.SECONDS)).isTrue();

        look.close();

        assertThat(agent.ended).hasValue(1);
        assertThat(look.state().says())
                .isEqualTo("stopped by a fault of Lockjam: java.lang.IllegalStateException: odd");
    }

    @Test
    void probesThatPredictAreTakenOut() throws Exception {
        RaceLook look = StandingWatch.predict(agent, Patterns.parse("com.acme.*"));
        assertThat(agent.predicting.await(10, TimeUnit.SECONDS)).isTrue();

        look.close();

        assertThat(agent.ended).hasValue(1);
    }

    @Test
    void anAgentThatIsGoneIsSaid() throws Exception {
        RaceLook look = RaceLook.start(
                agent, Patterns.AUTO, new Nominator(), ProcessHandle.current().pid());
        assertThat(agent.armed.await(10, TimeUnit.SECONDS)).isTrue();
        agent.gone = true;

        look.close();

        assertThat(look.state().says()).isEqualTo("the agent does not answer any more: closed");
    }
}
