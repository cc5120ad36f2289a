// SPDX-License-Identifier: Apache-2.0
package io.lockjam.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.lockjam.model.Fact;
import java.io.IOException;
import java.io.Writer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One sampled profile in speedscope's file format: a sample for each stack, weighted by microseconds waited. */
final class SpeedscopeExport implements WaitExport {
    private final Writer out;
    private final StackSums sums = new StackSums();

    SpeedscopeExport(Writer out) {
        this.out = out;
    }

    @Override
    public void accept(Fact fact) {
        sums.add(fact);
    }

    @Override
    public void finish() throws IOException {
        Map<String, Integer> frames = new LinkedHashMap<>();
        sums.micros().keySet().forEach(stack -> stack.forEach(frame -> frames.putIfAbsent(frame, frames.size())));
        long total = sums.micros().values().stream().mapToLong(Long::longValue).sum();
        JsonGenerator json = new JsonFactory().createGenerator(out);
        json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
        json.writeStartObject();
        json.writeStringField("$schema", "https://www.speedscope.app/file-format-schema.json");
        json.writeStringField("exporter", "lockjam");
        json.writeObjectFieldStart("shared");
        json.writeArrayFieldStart("frames");
        for (String frame : frames.keySet()) {
            json.writeStartObject();
            json.writeStringField("name", frame);
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
        json.writeArrayFieldStart("profiles");
        json.writeStartObject();
        json.writeStringField("type", "sampled");
        json.writeStringField("name", "Waiting");
        json.writeStringField("unit", "microseconds");
        json.writeNumberField("startValue", 0);
        json.writeNumberField("endValue", total);
        samples(json, frames);
        json.writeEndObject();
        json.writeEndArray();
        json.writeEndObject();
        json.close();
        out.flush();
    }

    private void samples(JsonGenerator json, Map<String, Integer> frames) throws IOException {
        json.writeArrayFieldStart("samples");
        for (List<String> stack : sums.micros().keySet()) {
            int[] numbers = stack.stream().mapToInt(frames::get).toArray();
            json.writeArray(numbers, 0, numbers.length);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("weights");
        for (long micros : sums.micros().values()) {
            json.writeNumber(micros);
        }
        json.writeEndArray();
    }
}
