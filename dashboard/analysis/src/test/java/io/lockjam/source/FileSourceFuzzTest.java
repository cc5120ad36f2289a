// SPDX-License-Identifier: Apache-2.0
package io.lockjam.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damaged recordings: the reader says what it read or why not, within its limits, and this process lives. */
class FileSourceFuzzTest {
    /** Each costs a JVM; {@code -Dlockjam.fuzz=10000} for a long run. */
    private static final int MUTATIONS = Integer.getInteger("lockjam.fuzz", 12);

    /** Without a child process. */
    private static final int MUTATIONS_HERE = Integer.getInteger("lockjam.fuzzHere", 200);

    private static final Duration LONGEST = Duration.ofSeconds(30);

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path folder;

    @Test
    void survivesWhateverIsDoneToARecording() throws Exception {
        Path javaHome = Path.of(System.getProperty("java.home"));
        byte[] good = Files.readAllBytes(Recordings.make(javaHome, folder.resolve("good.jfr"), "ours"));
        FileSource.Limits limits = new FileSource.Limits(128, Duration.ofSeconds(10), Duration.ofSeconds(30));
        Random random = new Random(4711);
        AtomicLong facts = new AtomicLong();
        int refused = 0;
        for (int round = 0; round < MUTATIONS; round++) {
            Path bad = Files.write(folder.resolve("bad.jfr"), mutated(good, round % 4, random));
            try {
                FileSource.Outcome outcome =
                        new FileSource(bad, limits).read(fact -> facts.incrementAndGet(), (read, total) -> {});
                assertThat(outcome.cancelled()).isFalse();
            } catch (UnreadableRecordingException unreadable) {
                assertThat(unreadable).hasMessageContaining("cannot be read");
                refused++;
            }
        }
        assertThat(facts.get()).as("facts read in spite of the damage").isPositive();
        assertThat(refused).isLessThan(MUTATIONS);
    }

    @Test
    void theReaderItselfSaysWhatIsWrongAndComesToAnEnd() throws Exception {
        Path javaHome = Path.of(System.getProperty("java.home"));
        byte[] good = Files.readAllBytes(Recordings.make(javaHome, folder.resolve("good.jfr"), "ours"));
        Random random = new Random(42);
        int read = 0;
        for (int round = 0; round < MUTATIONS_HERE; round++) {
            Path bad = Files.write(folder.resolve("bad.jfr"), mutated(good, round % 4, random));
            FactWriter writer = new FactWriter(new DataOutputStream(OutputStream.nullOutputStream()));
            RecordingReader reader = new RecordingReader(bad, writer);
            read += assertTimeoutPreemptively(LONGEST, () -> isRead(reader)) ? 1 : 0;
        }
        assertThat(read).as("read in spite of the damage").isPositive();
    }

    /** Whatever else it throws ends the test. */
    private static boolean isRead(RecordingReader reader) throws IOException {
        try {
            reader.read();
            return true;
        } catch (UnreadableRecordingException | OutOfMemoryError refused) {
            return false; // the child process ends then, and only it
        }
    }

    private static byte[] mutated(byte[] good, int sort, Random random) {
        byte[] bad = good.clone();
        switch (sort) {
            case 0 -> bad = Arrays.copyOf(good, 1 + random.nextInt(good.length));
            case 1 -> {
                for (int i = 0; i < 20; i++) {
                    bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
                }
            }
            case 2 -> bad[4 + random.nextInt(64)] = (byte) random.nextInt(256);
            default -> {
                int from = random.nextInt(bad.length);
                Arrays.fill(bad, from, Math.min(bad.length, from + 1 + random.nextInt(256)), (byte) 0xFF);
            }
        }
        return bad;
    }
}
