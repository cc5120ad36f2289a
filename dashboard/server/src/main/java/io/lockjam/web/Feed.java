// SPDX-License-Identifier: Apache-2.0
package io.lockjam.web;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The live feed: a letter a second and target to every client.
 *
 * <p>One thread makes the letters and only drops them into mailboxes, so a client that does not read holds up nobody. What a
 * client missed between its first picture and its connection is sent again from the last letters.
 */
final class Feed implements AutoCloseable {
    private static final long LOOK_MILLIS = 200;
    private static final int KEPT_LETTERS = 60;
    private static final int MOST_SECONDS_AT_ONCE = 5;

    private final Targets targets;
    private final List<FeedClient> clients = new CopyOnWriteArrayList<>();
    private final Map<String, Line> lines = new HashMap<>();
    private final AtomicLong lostBefore = new AtomicLong();
    private final ScheduledExecutorService ticker = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "lockjam-feed");
        thread.setDaemon(true);
        return thread;
    });

    private volatile @Nullable Future<?> looking;

    /** What the feed knows of one target. */
    private static final class Line {
        private final Watched target;
        private final Tick tick;
        private final Deque<Letter> last = new ArrayDeque<>();
        private long sent = -1;

        Line(Watched target) {
            this.target = target;
            this.tick = new Tick(target);
        }
    }

    /** A letter and the end of the second it tells of. */
    private record Letter(long second, String text) {}

    Feed(Targets targets) {
        this.targets = targets;
    }

    void start() {
        looking = ticker.scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Joins a client: what it missed since a second first, then every letter. */
    synchronized void join(FeedClient client, long sinceMillis) {
        Line line = lines.get(client.target());
        client.post(Shapes.object()
                .put("type", "hello")
                .put("target", client.target())
                .toString());
        if (line != null) {
            client.post(Tick.status(line.target));
            line.last.stream()
                    .filter(letter -> letter.second() * 1000 > sinceMillis)
                    .forEach(letter -> client.post(letter.text()));
        }
        clients.add(client);
    }

    void leave(FeedClient client) {
        if (clients.remove(client)) {
            lostBefore.addAndGet(client.lost());
        }
    }

    int clients() {
        return clients.size();
    }

    long lost() {
        return lostBefore.get() + clients.stream().mapToLong(FeedClient::lost).sum();
    }

    private void look() {
        try {
            for (Watched target : targets.all()) {
                advance(target);
            }
        } catch (RuntimeException fault) {
            // One bad second must not end the feed: the next look tries again, clients show the hole.
            lostBefore.incrementAndGet();
        }
    }

    private synchronized void advance(Watched target) {
        Line line = lines.get(target.id());
        if (line == null || line.target != target) {
            line = new Line(target);
            lines.put(target.id(), line);
        }
        String status = line.tick.statusIfChanged();
        if (!status.isEmpty()) {
            post(line, status);
        }
        Optional<Instant> latest = target.readings().latest();
        if (latest.isEmpty()) {
            return;
        }
        long newest = latest.get().getEpochSecond() - 1;
        if (line.sent < 0 || newest - line.sent > MOST_SECONDS_AT_ONCE) {
            line.sent = newest - 1; // a hole that clients see as one: they ask again for what is kept
        }
        while (line.sent < newest) {
            line.sent++;
            String text = line.tick.of(line.sent);
            line.last.addLast(new Letter(line.sent, text));
            if (line.last.size() > KEPT_LETTERS) {
                line.last.removeFirst();
            }
            post(line, text);
        }
    }

    private void post(Line line, String text) {
        for (FeedClient client : clients) {
            if (client.target().equals(line.target.id())) {
                client.post(text);
            }
        }
    }

    @Override
    public void close() {
        Future<?> loop = looking;
        if (loop != null) {
            loop.cancel(true);
        }
        ticker.shutdownNow();
        clients.forEach(FeedClient::close);
    }
}
