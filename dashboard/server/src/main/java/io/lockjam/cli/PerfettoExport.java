// SPDX-License-Identifier: Apache-2.0
package io.lockjam.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.lockjam.model.Fact;
import io.lockjam.model.ThreadRef;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Chrome's trace event format, written while reading: a slice for each wait and each pause, tracks named by thread. */
final class PerfettoExport implements WaitExport {
    private static final int PROCESS = 1;
    /** The track of pauses; no Java thread has this id. */
    private static final long PAUSES = 0;
    /** Names of more threads than that are left to their numbers. */
    private static final int MOST_NAMES = 100_000;

    private final JsonGenerator json;
    private final Set<Long> named = new HashSet<>();

    PerfettoExport(Writer out) throws IOException {
        json = new JsonFactory().createGenerator(out);
        json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
        json.writeStartObject();
        json.writeStringField("displayTimeUnit", "ms");
        json.writeArrayFieldStart("traceEvents");
        name(PAUSES, "JVM pauses");
    }

    @Override
    public void accept(Fact fact) {
        try {
            if (fact instanceof Fact.WaitEnded wait) {
                thread(wait.waiter());
                String what = wait.kind().id() + " " + wait.lock().className();
                slice(wait.waiter().id(), what, wait.at(), wait.waited().toNanos());
                arguments(wait);
                json.writeEndObject();
            } else if (fact instanceof Fact.Pause pause) {
                slice(PAUSES, pause.cause(), pause.at(), pause.took().toNanos());
                json.writeEndObject();
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public void finish() throws IOException {
        json.writeEndArray();
        json.writeEndObject();
        json.close();
    }

    private void slice(long track, String name, Instant end, long nanos) throws IOException {
        long endNanos = TimeUnit.SECONDS.toNanos(end.getEpochSecond()) + end.getNano();
        json.writeStartObject();
        json.writeStringField("ph", "X");
        json.writeStringField("cat", "lockjam");
        json.writeStringField("name", name);
        json.writeNumberField("pid", PROCESS);
        json.writeNumberField("tid", track);
        json.writeNumberField("ts", (endNanos - nanos) / 1e3);
        json.writeNumberField("dur", nanos / 1e3);
    }

    private void arguments(Fact.WaitEnded wait) throws IOException {
        ThreadRef owner = wait.owner();
        json.writeObjectFieldStart("args");
        json.writeStringField("lock", wait.lock().identity());
        if (owner != null) {
            json.writeStringField("owner", owner.label());
        }
        if (wait.stack().site().isPresent()) {
            json.writeStringField("site", WaitExport.frame(wait.stack().site().get()));
        }
        json.writeEndObject();
    }

    private void thread(ThreadRef thread) throws IOException {
        if (named.size() < MOST_NAMES && named.add(thread.id())) {
            name(thread.id(), thread.label());
        }
    }

    private void name(long track, String name) throws IOException {
        json.writeStartObject();
        json.writeStringField("ph", "M");
        json.writeStringField("name", "thread_name");
        json.writeNumberField("pid", PROCESS);
        json.writeNumberField("tid", track);
        json.writeObjectFieldStart("args");
        json.writeStringField("name", name);
        json.writeEndObject();
        json.writeEndObject();
    }
}
