// SPDX-License-Identifier: Apache-2.0
package io.lockjam.web;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
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
 * <p>One thread makes the letters and only drops them into mailboxes, so a client that does not read holds up nobody. While nobody
 * follows a target its letters are not made; what a client missed between its first picture and its connection is made when it comes.
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
        private final NavigableMap<Long, String> last = new TreeMap<>();
        private long begun = -1;
        private long sent = -1;

        Line(Watched target) {
            this.target = target;
            this.tick = new Tick(target);
        }

        /** The letter of a complete second, by its number since 1970. */
        private String letter(long second) {
            String text = last.computeIfAbsent(second, tick::of);
            while (last.size() > KEPT_LETTERS) {
                last.pollFirstEntry();
            }
            return text;
        }
    }

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
            long missed = Math.max(sinceMillis / 1000 + 1, Math.max(line.begun, line.sent - KEPT_LETTERS + 1));
            for (long second = missed; second <= line.sent; second++) {
                client.post(line.letter(second));
            }
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
        } catch (RuntimeException | OutOfMemoryError fault) {
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
        line.begun = line.begun < 0 ? newest : line.begun;
        boolean followed = clients.stream().anyMatch(client -> client.target().equals(target.id()));
        if (!followed) {
            line.sent = newest;
        }
        while (line.sent < newest) {
            line.sent++;
            post(line, line.letter(line.sent));
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
