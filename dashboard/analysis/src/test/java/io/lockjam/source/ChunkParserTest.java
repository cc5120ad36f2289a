// SPDX-License-Identifier: Apache-2.0
package io.lockjam.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Fact;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jdk.jfr.EventType;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Our parser against the JDK's, on recordings of 17 and 25. */
class ChunkParserTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path folder;

    static Stream<Path> javaHomes() throws IOException {
        return Recordings.javaHomes();
    }

    @ParameterizedTest
    @MethodSource("javaHomes")
    void readsTheSameFactsAsTheJdk(Path javaHome) throws Exception {
        for (String[] more : new String[][] {{}, {"ours"}}) {
            Path file = Recordings.make(javaHome, folder.resolve("r.jfr"), more);

            List<String> expected = asTheJdkReads(file);

            assertThat(expected).hasSizeGreaterThan(30);
            assertThat(asWeRead(file)).containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    private static List<String> asTheJdkReads(Path file) throws IOException {
        EventReader reader = new EventReader(0);
        List<String> facts = new ArrayList<>();
        try (RecordingFile recording = new RecordingFile(file)) {
            Set<String> wanted = reader.wanted(
                    recording.readEventTypes().stream().map(EventType::getName).collect(Collectors.toSet()));
            while (recording.hasMoreEvents()) {
                RecordedEvent event = recording.readEvent();
                if (wanted.contains(event.getEventType().getName())) {
                    add(reader.read(event), reader, facts);
                }
            }
        }
        return facts;
    }

    private static List<String> asWeRead(Path file) throws IOException {
        EventReader reader = new EventReader(0);
        List<String> facts = new ArrayList<>();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            for (long at = 0; at < channel.size(); ) {
                Chunk chunk = Chunk.at(channel, at);
                ChunkParser parser =
                        new ChunkParser(chunk.bytes(channel, ByteBuffer.allocate(0)), chunk, reader.interner());
                parser.read(
                        reader.wanted(parser.types().values()),
                        (name, event, position) -> add(reader.read(name, event), reader, facts));
                at += chunk.whole();
            }
        }
        return facts;
    }

    private static void add(@Nullable Fact first, EventReader reader, List<String> facts) {
        for (Fact fact = first; fact != null; fact = reader.further()) {
            String histogram =
                    fact instanceof Fact.LockTotals totals ? totals.histogram().text() : "";
            facts.add(fact.toString().replaceAll("Histogram@\\w+", histogram));
        }
    }
}
