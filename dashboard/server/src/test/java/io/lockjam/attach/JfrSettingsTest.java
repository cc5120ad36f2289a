// SPDX-License-Identifier: Apache-2.0
package io.lockjam.attach;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.event.AgentStatusEvent;
import io.lockjam.event.LockTotalsEvent;
import io.lockjam.event.LockWaitEvent;
import io.lockjam.event.LoopTurnEvent;
import io.lockjam.event.QueueTotalsEvent;
import io.lockjam.event.WaitNowEvent;
import java.io.StringReader;
import java.util.List;
import java.util.Map;
import jdk.jfr.Configuration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class JfrSettingsTest {
    @ParameterizedTest
    @EnumSource(Depth.class)
    void isAFileThatJfrUnderstands(Depth depth) throws Exception {
        Map<String, String> settings = settings(JfrSettings.of(depth));

        assertThat(settings).containsEntry("jdk.JavaMonitorEnter#threshold", depth == Depth.DEEP ? "20 us" : "100 us");
        assertThat(settings).containsEntry("jdk.ExecutionSample#period", depth == Depth.DEEP ? "20 ms" : "50 ms");
        assertThat(settings).as("or nobody knows the period").containsEntry("jdk.ActiveSetting#enabled", "true");
        assertThat(settings.values()).noneMatch(value -> value.contains("$"));
        for (String event : List.of(
                AgentStatusEvent.NAME,
                LockTotalsEvent.NAME,
                LockWaitEvent.NAME,
                LoopTurnEvent.NAME,
                QueueTotalsEvent.NAME,
                WaitNowEvent.NAME)) {
            assertThat(settings).containsEntry(event + "#enabled", "true");
        }
    }

    @ParameterizedTest
    @EnumSource(Depth.class)
    void neverRecordsWhatMayHoldPasswords(Depth depth) throws Exception {
        assertThat(settings(JfrSettings.of(depth)).keySet())
                .noneMatch(key -> key.startsWith("jdk.InitialEnvironmentVariable")
                        || key.startsWith("jdk.InitialSystemProperty")
                        || key.startsWith("jdk.SystemProcess")
                        || key.startsWith("jdk.JVMInformation"));
    }

    @ParameterizedTest
    @EnumSource(Depth.class)
    void theThresholdRisesToALimit(Depth depth) {
        JfrSettings settings = JfrSettings.of(depth);
        for (int i = 0; i < 5; i++) {
            settings = settings.raised();
        }

        assertThat(settings.monitorMicros()).isEqualTo(20_000);
        assertThat(settings.raised()).isEqualTo(settings);
    }

    private static Map<String, String> settings(JfrSettings settings) throws Exception {
        return Configuration.create(new StringReader(settings.xml())).getSettings();
    }
}
