// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The agent on the command line with options that it does not take: one line, and the application starts. */
class CommandLineIT {
    static Stream<Arguments> mistakes() throws Exception {
        List<Path> jdks = ForkedJvm.jdks().toList();
        Path oldest = jdks.get(0);
        Path newest = jdks.get(jdks.size() - 1);
        return Stream.of(
                Arguments.of(oldest, "colour=red", "unknown key 'colour'"),
                Arguments.of(newest, "depth=medium", "depth: expected light or deep, got 'medium'"),
                Arguments.of(newest, "serve=x,races=..", "expected"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void isSaidInOneLineAndTheApplicationStarts(Path home, String options, String said) throws Exception {
        try (ForkedJvm jvm = ForkedJvm.start(home, "-javaagent:" + ForkedJvm.AGENT + "=" + options)) {
            List<String> lines = jvm.end();

            assertThat(ForkedJvm.ours(lines))
                    .singleElement()
                    .satisfies(line -> assertThat(line).contains(said).endsWith("; the agent stays out"));
            assertThat(lines).contains("done");
        }
    }

    @Test
    void aSecondOneIsNotUsed() throws Exception {
        Path newest = ForkedJvm.jdks().reduce((one, next) -> next).orElseThrow();
        String agent = "-javaagent:" + ForkedJvm.AGENT;
        try (ForkedJvm jvm = ForkedJvm.start(newest, agent, agent + "=depth=deep")) {
            List<String> lines = jvm.end();

            assertThat(lines)
                    .filteredOn(line -> line.startsWith("lockjam:"))
                    .singleElement()
                    .satisfies(line -> assertThat(line).contains("the agent is in already"));
            assertThat(lines).contains("done");
        }
    }
}
