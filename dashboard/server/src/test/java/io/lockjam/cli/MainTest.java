// SPDX-License-Identifier: Apache-2.0
package io.lockjam.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

final class MainTest {
    private final StringWriter errors = new StringWriter();
    private final StringWriter output = new StringWriter();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense",
                "attach",
                "detach 1 2",
                "attach 1 --no-such-option",
                "attach 1 --port x",
                "attach 1 --no-open --bind ",
                "attach 1 --port 70000",
                "attach 1 --depth middling",
                "attach 1 --races a..-b!",
                "audit 1 --for ever",
                "audit 1 --races com.acme.* --races-mode guessed",
                "audit 1 --races-mode predicted",
                "audit 1 --fail-on sometimes",
                "record 1",
                "export a.jfr --format png",
                "attach 1 --for 5x --port x --nonsense",
                "top",
                "open",
                "audit 1 2",
                "ps --json a b",
                "completion fish"
            })
    void misuseIsOneSentenceAndExitCodeTwo(String line) {
        assertThat(run(line.split(" ", -1))).isEqualTo(Exit.USAGE);
        assertThat(errors.toString()).startsWith("lockjam: ").contains("See: lockjam help");
        assertThat(output.toString()).isEmpty();
    }

    @Test
    void valuesOfAChoiceAreNamedAsTheyAreTyped() {
        assertThat(run("attach", "1", "--depth", "middling")).isEqualTo(Exit.USAGE);
        assertThat(errors.toString()).contains("'--depth': expected light or deep, got 'middling'");
    }

    @Test
    void aFileWithoutANameIsNoFolder() {
        assertThat(run("audit", "1", "--json", "")).isEqualTo(Exit.USAGE);
        assertThat(run("open", "")).isEqualTo(Exit.BAD_INPUT);
        assertThat(errors.toString())
                .contains("Expected the name of a file to write, got nothing.")
                .contains("Expected the name of a recording, got nothing.");
    }

    @Test
    void optionsMayComeBeforeTheTarget() {
        assertThat(run("attach", "--depth", "deep", "--no-open", "999999999")).isEqualTo(Exit.NO_TARGET);
        assertThat(run("attach", "999999999", "--depth", "deep", "--no-open")).isEqualTo(Exit.NO_TARGET);
    }

    @Test
    void aMissingTargetIsSaidInOneSentence() {
        assertThat(run("top", "999999999")).isEqualTo(Exit.NO_TARGET);
        assertThat(errors.toString())
                .contains("There is no process 999999999 on this machine.")
                .doesNotContain("\tat ");
    }

    @Test
    void aMissingRecordingIsBadInput() {
        assertThat(run("audit", "no/such/file.jfr")).isEqualTo(Exit.BAD_INPUT);
        assertThat(run("open", "no/such/file.jfr", "--no-open")).isEqualTo(Exit.BAD_INPUT);
        assertThat(run("export", "no/such/file.jfr", "--format", "collapsed")).isEqualTo(Exit.BAD_INPUT);
    }

    @Test
    void aRecordingIsNotWrittenOver(@TempDir Path folder) throws Exception {
        Path recording = Files.writeString(folder.resolve("r.jfr"), "precious");
        String file = recording.toString();
        assertThat(run("export", file, "--format", "collapsed", "-o", file)).isEqualTo(Exit.USAGE);
        assertThat(run("audit", file, "--json", file)).isEqualTo(Exit.USAGE);
        assertThat(errors.toString()).contains("it is the recording that is read");
        assertThat(recording).hasContent("precious");
    }

    @Test
    void anOutputThatCannotBeWrittenIsSaidBeforeAnythingIsMeasured() {
        assertThat(run("audit", "999999999", "--html", "/no/such/folder/report.html"))
                .isEqualTo(Exit.USAGE);
        assertThat(errors.toString()).contains("/no/such/folder");
    }

    @ParameterizedTest
    @ValueSource(strings = {"attach 1 2 --json -", "open a.jfr b.jfr --fail-on error"})
    void aReportIsOfOneTarget(String line) {
        assertThat(run(line.split(" ", -1))).isEqualTo(Exit.USAGE);
        assertThat(errors.toString()).contains("A report is of one target");
    }

    @Test
    void aSlipOfTheKeyIsAnsweredWithWhatWasMeant() {
        assertThat(run("audit", "1", "--fial-on", "error")).isEqualTo(Exit.USAGE);
        assertThat(errors.toString()).contains("Did you mean --fail-on");
        assertThat(run("atach", "1")).isEqualTo(Exit.USAGE);
        assertThat(errors.toString()).contains("Did you mean attach");
    }

    @Test
    void standardOutputTakesOneReport() {
        assertThat(run("audit", "999999999", "--json", "-", "--md", "-")).isEqualTo(Exit.USAGE);
        assertThat(errors.toString()).contains("Only one of");
    }

    @Test
    void theListOfDemosSaysWhenItCannotBeWritten() {
        assertThat(run("demo", "--list", "--json", "/no/such/folder/demos.json"))
                .isEqualTo(Exit.USAGE);
        assertThat(errors.toString()).contains("/no/such/folder");
    }

    @ParameterizedTest
    @ValueSource(strings = {"demo", "ps", "attach", "detach", "top", "audit", "record", "open", "export", "completion"})
    void everyCommandHasHelp(String command) {
        assertThat(run("help", command)).isEqualTo(Exit.DONE);
        assertThat(output.toString()).contains("Usage: lockjam " + command);
    }

    private int run(String... arguments) {
        CommandLine line = Main.commandLine();
        line.setErr(new PrintWriter(errors, true));
        line.setOut(new PrintWriter(output, true));
        return line.execute(arguments);
    }
}
