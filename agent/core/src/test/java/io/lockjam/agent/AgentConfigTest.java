// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@SuppressWarnings("NullAway.Init") // JUnit sets the folder
class AgentConfigTest {
    @TempDir
    private Path folder;

    @Test
    void nothingGivenIsLightWithoutRaces() throws ConfigException {
        AgentConfig config = AgentConfig.parse(null);
        assertThat(config.deep()).isFalse();
        assertThat(config.races()).containsExactly("off");
        assertThat(config.servePort()).isEqualTo(-1);
        assertThat(config.graceSeconds()).isEqualTo(AgentConfig.GRACE_SECONDS);
    }

    @Test
    void deepChecksTheApplicationsRaces() throws ConfigException {
        assertThat(AgentConfig.parse("depth=deep").races()).containsExactly("auto");
        assertThat(AgentConfig.parse("depth=deep,races=com.acme.*;org.b.C").races())
                .containsExactly("com.acme.*", "org.b.C");
    }

    @Test
    void namedClassesHaveProbesFromTheStart() throws ConfigException {
        AgentConfig config = AgentConfig.parse("races=com.acme.*,races-mode=predicted");
        assertThat(config.predicts()).isTrue();
        assertThat(config.probesAtLoad()).isTrue();
        assertThat(AgentConfig.parse("races=com.acme.*").predicts()).isFalse();
        assertThat(AgentConfig.parse("depth=deep").probesAtLoad()).isFalse();
    }

    @Test
    void pathsMayHoldCommas() throws ConfigException {
        assertThat(AgentConfig.parse("connect=/tmp/a%2Cb%25c").connect()).isEqualTo("/tmp/a,b%c");
    }

    @Test
    void theCommandLineWinsOverTheFile() throws Exception {
        Path file = Files.writeString(folder.resolve("a.properties"), "depth=deep\nserve=0\n");
        AgentConfig config = AgentConfig.parse("depth=light,config=" + file);
        assertThat(config.deep()).isFalse();
        assertThat(config.servePort()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "colour=red | unknown key 'colour'; known are depth, races, races-mode, serve, record and config",
                "depth=medium | depth: expected light or deep, got 'medium'",
                "serve=x | serve: expected 0 to 65535, got 'x'",
                "serve=-1 | serve: expected 0 to 65535, got '-1'",
                "serve=65536 | serve: expected 0 to 65535, got '65536'",
                "grace=601 | grace: expected 0 to 600, got '601'",
                "races=com/acme | races: expected auto, off or patterns like com.acme.*, got 'com/acme'",
                "races-mode=all | races-mode: expected caught or predicted, got 'all'",
                "races-mode=predicted | races-mode: predicted needs classes to look at, such as races=com.acme.*",
                "record= | record: expected a path, got ''",
                "depth | expected key=value,key=value, got 'depth'",
                "depth=deep,depth=light | depth: given twice",
                "keep=yes | keep: expected true or false, got 'yes'",
            })
    void saysWhatIsWrong(String arguments, String message) {
        assertThatThrownBy(() -> AgentConfig.parse(arguments))
                .isInstanceOf(ConfigException.class)
                .hasMessage(message);
    }

    @Test
    void namesTheFileThatIsMissing() {
        assertThatThrownBy(() -> AgentConfig.parse("config=/no/such"))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("config: expected a properties file, got '/no/such'");
    }
}
