// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the code of a task tells of pools and streams, and which classes lie beside it. */
class TaskCodeTest {
    private static final String TYPE = OwnEnd.class.getName();
    private final Code code = new Code(LookLoopTest::bytes);

    @ParameterizedTest
    @CsvSource({"last, true", "otherEnd, false", "lastOfOther, false"})
    void aTaskThatAwaitsTheEndOfItsPoolIsFound(String task, boolean own) {
        Frame inner = new Frame("java.util.concurrent.ThreadPoolExecutor", "awaitTermination", null, "T.java", 1, -1);
        List<Frame> frames = task.equals("last")
                ? List.of(inner, frame("await", "awaitTermination"), frame("last", "await"))
                : List.of(inner, frame(task, "awaitTermination"));

        assertThat(new OwnPoolCode(LookLoopTest::bytes).awaitsOwnEnd(new Stack(frames)))
                .isEqualTo(own);
    }

    @ParameterizedTest
    @CsvSource({
        "batch, lambda$batch$, true, true",
        "shortBatch, lambda$shortBatch$, true, false",
        "otherBatch, lambda$otherBatch$, false, false",
        "batch, lambda$shortBatch$, false, false",
        "hour, last, true, true"
    })
    void whoWaitsForTheEndOfThePoolOfATaskIsFound(String method, String task, boolean waits, boolean forGood) {
        Frame inner = new Frame("java.util.concurrent.ThreadPoolExecutor", "awaitTermination", null, "T.java", 1, -1);
        Stack awaiting = new Stack(List.of(inner, frame(method, "awaitTermination")));
        String body = Objects.requireNonNull(code.parsed(TYPE)).node().methods.stream()
                .map(each -> each.name)
                .filter(each -> each.startsWith(task))
                .findFirst()
                .orElseThrow();
        Stack runs = new Stack(List.of(new Frame(TYPE, body, null, "OwnEnd.java", 1, -1)));
        OwnPoolCode pools = new OwnPoolCode(LookLoopTest::bytes);

        assertThat(pools.awaitsEndOf(awaiting, runs, false)).isEqualTo(waits);
        assertThat(pools.awaitsEndOf(awaiting, runs, true)).isEqualTo(forGood);
    }

    @ParameterizedTest
    @CsvSource({"index, work, true", "readOnce, work, false", "stream, forEach, true", "readOnce, readLine, false"})
    void whoWorksOnWhatItHasReadComesBackForMore(String method, String call, boolean comes) {
        Frame inner = call.equals("work")
                ? new Frame(TYPE, "work", null, "OwnEnd.java", 66, -1)
                : new Frame("java.util.stream.Stream", call, null, "T.java", 1, -1);

        assertThat(new ReadCode(LookLoopTest::bytes).comesToRead(new Stack(List.of(inner, frame(method, call)))))
                .isEqualTo(comes);
    }

    @Test
    void whoStandsInAReadReadsAnother() {
        Frame reads = new Frame("java.io.FileInputStream", "readBytes", null, "FileInputStream.java", 1, -1);

        assertThat(new ReadCode(LookLoopTest::bytes)
                        .comesToRead(new Stack(List.of(reads, frame("next", "readLine"), frame("index", "next")))))
                .isFalse();
    }

    @Test
    void classesOfOnePackageLieBesideEachOther(@TempDir Path folder) throws IOException {
        for (String file :
                List.of("com/acme/Box.class", "com/acme/deep/Lid.class", "org/Other.class", "com/acme/a.txt")) {
            Path path = folder.resolve(file);
            Files.createDirectories(Objects.requireNonNull(path.getParent()));
            Files.write(path, new byte[] {1});
        }
        try (ClassPathBytes bytes = new ClassPathBytes(List.of(folder.toString()), null)) {
            assertThat(bytes.beside("com.acme.Box", "com.acme."))
                    .containsExactlyInAnyOrder("com.acme.Box", "com.acme.deep.Lid");
            assertThat(bytes.beside("com.acme.Gone", "com.acme.")).isEmpty();
        }
    }

    private Frame frame(String method, String call) {
        return new Frame(TYPE, method, null, "OwnEnd.java", TestCode.line(TYPE, method, call), -1);
    }
}
