// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/** The worker of a pool is found behind what a thread factory has put before it. */
class WrappedTaskTest {
    /** Stands for the worker of a pool. */
    private static final class Worker implements Runnable {
        @Override
        public void run() {
            throw new AssertionError("nobody runs it");
        }
    }

    private record Named(String name, Runnable runnable) implements Runnable {
        @Override
        public void run() {
            runnable.run();
        }
    }

    private static class OwnThread extends Thread {
        private final Runnable first;

        OwnThread(Runnable first) {
            this.first = first;
        }

        @Override
        public void run() {
            first.run();
        }
    }

    /** What it runs is a field of the class above. */
    private static final class Special extends OwnThread {
        Special(Runnable first) {
            super(first);
        }
    }

    private final Worker worker = new Worker();

    private static Runnable lambda(Runnable task) {
        return () -> {
            task.run();
        };
    }

    @Test
    void theWorkerItselfIsIt() {
        assertThat(WrappedTask.find(worker, Worker.class)).isSameAs(worker);
        assertThat(WrappedTask.find(null, Worker.class)).isNull();
    }

    @Test
    void itIsFoundInALambdaAnObjectAndAThread() {
        assertThat(WrappedTask.find(lambda(worker), Worker.class)).isSameAs(worker);
        assertThat(WrappedTask.find(new Named("shop", worker), Worker.class)).isSameAs(worker);
        assertThat(WrappedTask.find(new OwnThread(new Named("shop", worker)), Worker.class))
                .isSameAs(worker);
        assertThat(WrappedTask.find(new Special(worker), Worker.class)).isSameAs(worker);
        assertThat(WrappedTask.find(lambda(new Named("shop", lambda(worker))), Worker.class))
                .isSameAs(worker);
    }

    @Test
    void whatWrapsItselfOrSomethingElseHasNone() {
        assertThat(WrappedTask.find(lambda(lambda(() -> {})), Worker.class)).isNull();
        assertThat(WrappedTask.find(new FutureTask<>(worker, null), Worker.class))
                .isNull();
        assertThat(WrappedTask.find(lambda(lambda(lambda(lambda(worker)))), Worker.class))
                .as("too deep")
                .isNull();
    }
}
