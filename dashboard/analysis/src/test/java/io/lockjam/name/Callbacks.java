// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.function.Executable;

/** Callbacks of a library that wait for others of its callbacks; only read, never run. */
@SuppressWarnings("unused")
final class Callbacks {
    private Callbacks() {}

    /** As a library's, not beside. */
    static void hand(Executable callback) {}

    static CompletableFuture<String> fetch() {
        return new CompletableFuture<>();
    }

    static class Asked {
        CompletableFuture<String> ask() {
            CompletableFuture<String> answer = new CompletableFuture<>();
            hand(() -> answer.complete(""));
            return answer;
        }

        void begin() {
            hand(this::waits);
        }

        void waits() throws Exception {
            ask().get();
        }
    }

    /** In a class of its own. */
    static final class Job implements Executable {
        static final Parts PARTS = new Parts();

        @Override
        public void execute() throws InterruptedException {
            PARTS.begin().await();
        }
    }

    static final class Part implements Executable {
        @Override
        public void execute() {
            Job.PARTS.done();
        }
    }

    static final class Parts {
        private CountDownLatch left = new CountDownLatch(1);

        CountDownLatch begin() {
            CountDownLatch parts = new CountDownLatch(2);
            left = parts;
            return parts;
        }

        void done() {
            left.countDown();
        }
    }

    /** Who waits for what a task gives. */
    static final class Tasks {
        void run() {
            CountDownLatch own = new CountDownLatch(1);
            new Thread(own::countDown).start();
        }
    }

    /** Anybody may come. */
    static final class Open {
        void done() {
            Job.PARTS.done();
        }
    }

    static final class Follows {
        void waits() throws Exception {
            CompletableFuture<String> done = new CompletableFuture<>();
            CompletableFuture<Void> followed = new Asked().ask().thenAccept(done::complete);
            done.get();
            followed.join();
        }

        void begin() {
            hand(this::waits);
        }
    }

    static final class Fetched {
        void waits() throws Exception {
            fetch().get();
        }

        void begin() {
            hand(this::waits);
            CompletableFuture<String> other = new CompletableFuture<>();
            hand(() -> other.complete(""));
        }
    }

    static final class Limited {
        CompletableFuture<String> ask() {
            CompletableFuture<String> answer = new CompletableFuture<>();
            hand(() -> answer.complete(""));
            answer.completeOnTimeout("", 1, TimeUnit.SECONDS);
            return answer;
        }

        void begin() {
            hand(this::waits);
        }

        void waits() throws Exception {
            ask().get();
        }
    }
}
