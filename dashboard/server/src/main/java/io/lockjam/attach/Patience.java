// SPDX-License-Identifier: Apache-2.0
package io.lockjam.attach;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Waits for a target as long as it can be expected to answer: without a limit of its own, since a machine that is out of
 * CPU takes minutes, but not for one that was stopped or has ended.
 */
final class Patience {
    private static final long LOOK_MILLIS = 500;

    /** Looks in a row that find it stopped: a debugger stops a process for moments, too. */
    private static final int STOPPED_LOOKS = 10;

    private Patience() {}

    /** As long with no thread of it on a core or waiting for one: who asks a JVM that is well gets an answer within milliseconds. */
    private static final int IDLE_LOOKS = 30;

    /** The target does not answer and will not; the message is the reason, as a clause. */
    static final class NoAnswer extends IOException {
        private static final long serialVersionUID = 1;

        NoAnswer(String reason) {
            super(reason);
        }

        Obstacle obstacle() {
            return new Obstacle(String.valueOf(getMessage()), Obstacle.Cure.NONE);
        }
    }

    /** What is asked of the target; blocks in a system call that nothing can interrupt. */
    interface Question<T, E extends Exception> {
        T ask() throws IOException, E;
    }

    /**
     * @throws NoAnswer if the target was stopped or ended meanwhile, or stands; the question's thread is left to itself then
     */
    static <T, E extends Exception> T with(Target target, Question<T, E> question) throws IOException, E {
        return with(target, question, LOOK_MILLIS);
    }

    /** @param look milliseconds from one look at the target to the next */
    @SuppressWarnings("unchecked") // a question throws no other checked exceptions than these
    static <T, E extends Exception> T with(Target target, Question<T, E> question, long look) throws IOException, E {
        FutureTask<T> answer = new FutureTask<>(question::ask);
        Thread asking = new Thread(answer, "lockjam-ask");
        asking.setDaemon(true);
        asking.start();
        int stopped = 0;
        int idle = 0;
        while (true) {
            try {
                return answer.get(look, TimeUnit.MILLISECONDS);
            } catch (TimeoutException notYet) {
                stopped = target.proc().stopped() ? stopped + 1 : 0;
                idle = target.proc().idle() ? idle + 1 : 0;
                if (stopped >= STOPPED_LOOKS) {
                    throw new NoAnswer(Obstacles.STOPPED);
                }
                if (!target.alive()) {
                    throw new NoAnswer("it has ended");
                }
                if (idle >= IDLE_LOOKS) {
                    throw new NoAnswer(Obstacles.SUSPENDED);
                }
            } catch (ExecutionException failed) {
                Throwable cause = failed.getCause();
                if (cause instanceof RuntimeException || cause instanceof Error) {
                    throw new IllegalStateException(cause);
                }
                throw (E) cause;
            } catch (InterruptedException cut) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while waiting for " + target.label(), cut);
            }
        }
    }
}
