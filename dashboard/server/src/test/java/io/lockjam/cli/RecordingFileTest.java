// SPDX-License-Identifier: Apache-2.0
package io.lockjam.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.event.NameEvent;
import io.lockjam.event.RaceEvent;
import io.lockjam.model.Fact;
import io.lockjam.model.Frame;
import io.lockjam.source.FileSource;
import java.nio.file.Path;
import java.util.List;
import jdk.jfr.Recording;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordingFileTest {
    /** What the JVM does not tell of a method that was redefined while a thread stood in it. */
    private static String lost(String method) {
        return RecordingFileTest.class.getName() + "." + method + "(Unknown Source)";
    }

    private void change() {
        Thread.onSpinWait();
    }

    private StackTraceElement calls() {
        change();
        return new Throwable().getStackTrace()[0];
    }

    @Test
    void racesGetTheLinesThatTheirCallersHaveLostThoughTheirClassesAreToldLater(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("races.jfr");
        try (Recording recording = new Recording()) {
            recording.enable(RaceEvent.class);
            recording.enable(NameEvent.class);
            recording.start();
            race(lost("change") + "\n" + lost("calls")).commit();
            NameEvent origin = new NameEvent();
            origin.site = NameEvent.ORIGIN + RecordingFileTest.class.getName();
            origin.lockName = String.valueOf(RecordingFileTest.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation());
            origin.commit();
            recording.stop();
            recording.dump(file);
        }
        RecordingFile read = RecordingFile.of(file);
        read.fill(new FileSource(file), new Console(), (done, total) -> {});

        List<Fact.RaceSeen> races = read.session().races(read.session().kept());
        assertThat(races).hasSize(1);
        Frame caller = races.get(0).second().stack().frames().get(1);
        assertThat(caller.method()).isEqualTo("calls");
        assertThat(caller.line()).isEqualTo(calls().getLineNumber() - 1);
    }

    @Test
    void aPidOrAJarIsMeantAsAJvmWhateverLiesInTheFolder() {
        assertThat(RecordingFile.meant("4711")).isFalse();
        assertThat(RecordingFile.meant("pom.xml")).isTrue();
        assertThat(RecordingFile.meant("/opt/acme/shop.jar")).isFalse();
        assertThat(RecordingFile.meant("/tmp/recording")).isTrue();
        assertThat(RecordingFile.meant("missing.jfr")).isTrue();
    }

    private static RaceEvent race(String stack) {
        RaceEvent race = new RaceEvent();
        race.field = RecordingFileTest.class.getName() + ".shared";
        race.target = "field";
        race.certainty = "caught";
        race.firstThread = Thread.currentThread();
        race.firstStack = stack;
        race.firstWrites = true;
        race.secondThread = Thread.currentThread();
        race.secondStack = stack;
        race.secondWrites = true;
        return race;
    }
}
