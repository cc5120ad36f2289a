// SPDX-License-Identifier: Apache-2.0
package io.lockjam.source;

import io.lockjam.model.Fact;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import jdk.jfr.consumer.EventStream;
import jdk.jfr.consumer.RecordedEvent;
import org.jspecify.annotations.Nullable;

/**
 * Tails the JFR repository of a running target, about a second behind it.
 *
 * <p>One daemon thread reads; another one looks whether the target lives, since a repository whose writer was killed only
 * falls silent. A stream that ends while the target lives is opened anew, and the time between is a {@link Fact.Gap}.
 */
public final class LiveSource implements AutoCloseable {
    /** JFR flushes once a second; twice that and the last events of a dead target have been read. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    private static final Duration LOOK = Duration.ofMillis(500);

    /** Streams that break one after the other without a fact between before we give up. */
    private static final int MOST_FAILURES = 5;

    /** How a source came to its end. */
    public enum End {
        CLOSED,
        TARGET_ENDED,
        FAILED
    }

    private final Path repository;
    private final BooleanSupplier targetAlive;
    private final Consumer<Fact> facts;
    private final EventReader reader = new EventReader(Runtime.getRuntime().availableProcessors());
    private final AtomicReference<@Nullable End> end = new AtomicReference<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile @Nullable EventStream stream;
    private volatile @Nullable Instant last;
    private int failures;
    private int callbackFaults;

    private LiveSource(Path repository, @Nullable Instant since, BooleanSupplier targetAlive, Consumer<Fact> facts) {
        this.repository = repository;
        this.last = since;
        this.targetAlive = targetAlive;
        this.facts = facts;
    }

    /**
     * Starts to read, on the same machine and so with the same number of processors.
     *
     * @param since the first instant of interest; null for now
     * @param targetAlive asked twice a second
     * @param facts called on one thread; what it throws is counted and told as a gap
     * @param ended called once, on the same thread, after the last fact
     */
    public static LiveSource start(
            Path repository,
            @Nullable Instant since,
            BooleanSupplier targetAlive,
            Consumer<Fact> facts,
            Consumer<End> ended) {
        LiveSource source = new LiveSource(repository, since, targetAlive, facts);
        daemon("Lockjam Tail", () -> source.run(ended));
        daemon("Lockjam Tail Watch", source::watch);
        return source;
    }

    /** Ends the reading; waits at most 2 s for the last fact. */
    @Override
    public void close() {
        finish(End.CLOSED);
        try {
            ended.await(2, TimeUnit.SECONDS);
        } catch (InterruptedException cut) {
            Thread.currentThread().interrupt();
        }
    }

    private void run(Consumer<End> whenEnded) {
        try {
            while (end.get() == null) {
                read();
            }
        } finally {
            ended.countDown();
            End how = end.get();
            whenEnded.accept(how == null ? End.FAILED : how);
        }
    }

    private void read() {
        try (EventStream opened = EventStream.openRepository(repository)) {
            opened.setReuse(true);
            opened.setOrdered(true);
            Instant from = last;
            if (from != null) {
                opened.setStartTime(from);
            }
            reader.eventNames().stream()
                    .filter(name -> !EventReader.INSTEAD_OF_OURS.contains(name))
                    .forEach(name -> opened.onEvent(name, this::read));
            opened.onFlush(() -> reader.gaps(now()).forEach(this::hand));
            stream = opened;
            if (end.get() == null) {
                opened.start();
            }
            failed("the stream of events ended");
        } catch (IOException | RuntimeException broken) {
            failed("the stream of events broke: " + broken);
        } finally {
            stream = null;
        }
    }

    private void read(RecordedEvent event) {
        Fact fact = reader.read(event);
        if (fact != null) {
            failures = 0;
            last = fact.at();
            hand(fact);
        }
    }

    /** A fault in a callback must not end the stream. */
    private void hand(Fact fact) {
        try {
            facts.accept(fact);
        } catch (Throwable fault) {
            if (++callbackFaults == 1 || !(fact instanceof Fact.Gap)) {
                reader.trouble("facts were refused: " + fault);
            }
        }
    }

    /** By the recording's clock, which goes its own way when the system's is set. */
    private Instant now() {
        Instant newest = last;
        return newest == null ? Instant.now() : newest;
    }

    private void failed(String reason) {
        if (end.get() != null) {
            return;
        }
        hand(new Fact.Gap(now(), Duration.ZERO, reason, -1));
        if (++failures >= MOST_FAILURES) {
            finish(targetAlive.getAsBoolean() ? End.FAILED : End.TARGET_ENDED);
        } else {
            pause(LOOK);
        }
    }

    private void watch() {
        while (end.get() == null) {
            if (!targetAlive.getAsBoolean()) {
                pause(LAST_WORDS);
                finish(End.TARGET_ENDED);
            } else {
                pause(LOOK);
            }
        }
    }

    private void finish(End how) {
        end.compareAndSet(null, how);
        EventStream open = stream;
        if (open != null) {
            open.close();
        }
    }

    private void pause(Duration length) {
        try {
            if (ended.await(length.toMillis(), TimeUnit.MILLISECONDS)) {
                return; // the reader is done
            }
        } catch (InterruptedException cut) {
            Thread.currentThread().interrupt();
        }
    }

    private static void daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }
}
