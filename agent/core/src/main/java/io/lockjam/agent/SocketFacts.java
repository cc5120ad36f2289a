// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import io.lockjam.boot.Sink;
import io.lockjam.control.Connection;
import io.lockjam.control.FactRow;
import io.lockjam.control.PayloadWriter;
import io.lockjam.control.ThreadRow;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Sends facts over the control connection, as many as it takes; the rest is dropped and counted. */
final class SocketFacts implements FactSink {
    /** Bytes after which a frame is sent without waiting for the end of the second. */
    private static final int FULL = 256 << 10;

    private final Supplier<@Nullable Connection> connection;
    private final ThreadAccess access;
    private final AtomicLong dropped = new AtomicLong();
    private final Sink totals = new RowTotals(this::put);
    private final PayloadWriter rows = new PayloadWriter();
    private int count;

    SocketFacts(Supplier<@Nullable Connection> connection, ThreadAccess access) {
        this.connection = connection;
        this.access = access;
    }

    @Override
    public synchronized void put(Row row) {
        try {
            add(row);
        } catch (Throwable fault) { // told at the boundary; what was written of the row would spoil all that follows
            drop(count + 1);
            throw fault;
        }
        if (rows.size() > FULL) {
            flush();
        }
    }

    private void add(Row row) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        row.fields().forEach((name, value) -> fields.put(name, portable(value)));
        new FactRow(row.event(), now(), fields).write(rows);
        count++;
    }

    @Override
    public Sink totals() {
        return totals;
    }

    @Override
    public synchronized void flush() {
        if (count == 0) {
            return;
        }
        int lost = count;
        try {
            byte[] body = rows.done();
            byte[] payload = new byte[4 + body.length];
            System.arraycopy(new PayloadWriter().integer(count).done(), 0, payload, 0, 4);
            System.arraycopy(body, 0, payload, 4, body.length);
            lost = offer(payload) ? 0 : count;
        } finally { // also without heap for it: what is kept for later must not grow
            drop(lost);
        }
    }

    private void drop(int lost) {
        dropped.addAndGet(lost);
        count = 0;
        rows.clear();
    }

    @Override
    public long takeDropped() {
        return dropped.getAndSet(0);
    }

    private boolean offer(byte[] payload) {
        Connection to = connection.get();
        try {
            return to != null && to.offerFacts(payload);
        } catch (IOException ended) {
            return false; // the control thread sees it too
        }
    }

    private @Nullable Object portable(@Nullable Object value) {
        if (value instanceof Class<?> type) {
            return type.getName();
        }
        if (value instanceof Thread thread) {
            try {
                return new ThreadRow(access.id(thread), Redaction.of(thread.getName()), access.isVirtual(thread));
            } catch (Throwable unreadable) { // handles declare it
                return null;
            }
        }
        return value;
    }

    private static long now() {
        java.time.Instant now = java.time.Instant.now();
        return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }
}
