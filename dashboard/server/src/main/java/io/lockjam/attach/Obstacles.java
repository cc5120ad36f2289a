// SPDX-License-Identifier: Apache-2.0
package io.lockjam.attach;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Says, before anything is tried, why a JVM cannot be attached to. */
final class Obstacles {
    static final String STOPPED = "it is stopped, by a signal or a debugger; kill -CONT lets it go on";

    static final String SUSPENDED =
            "it does not answer and none of its threads runs, as if a debugger had suspended them";

    private static final Pattern BLANKS = Pattern.compile("\\s+");

    private Obstacles() {}

    /** Null if nothing is in the way. */
    static @Nullable Obstacle of(ProcFolder proc, long uid, String version, @Nullable PerfData data) {
        long own = User.uid();
        if (own != 0 && own != uid) {
            return new Obstacle(
                    "it runs as user " + User.label(uid) + " and you are " + User.label(own),
                    Obstacle.Cure.BE_ITS_USER);
        }
        String vm = data == null ? foreignMachine(proc) : data.vmName();
        if (vm != null && (vm.contains("J9") || vm.startsWith("libj9"))) {
            return new Obstacle("it is not a HotSpot JVM (" + vm + ")", Obstacle.Cure.NONE);
        }
        int feature = JdkVersion.feature(version);
        if (feature != 0 && feature < JdkVersion.OLDEST) {
            return new Obstacle(
                    "it runs on JDK " + version + "; " + JdkVersion.OLDEST + " is the oldest that is supported",
                    Obstacle.Cure.NONE);
        }
        if (proc.stopped()) {
            return new Obstacle(STOPPED, Obstacle.Cure.NONE);
        }
        String options = data == null ? String.join(" ", proc.commandLine()) : data.options();
        if (set(options, "DisableAttachMechanism", '+') || (data != null && !data.servesAttach())) {
            return startedWith("-XX:+DisableAttachMechanism");
        }
        if (set(options, "EnableDynamicAgentLoading", '-')) {
            return startedWith("-XX:-EnableDynamicAgentLoading");
        }
        return null;
    }

    /** What a failure comes from: that the target was stopped meanwhile explains any. */
    static Obstacle since(ProcFolder proc, String reason) {
        return proc.stopped()
                ? new Obstacle(STOPPED, Obstacle.Cure.NONE)
                : new Obstacle(reason, Obstacle.Cure.START_WITH_AGENT);
    }

    private static Obstacle startedWith(String option) {
        return new Obstacle("it was started with " + option, Obstacle.Cure.START_WITH_AGENT);
    }

    private static @Nullable String foreignMachine(ProcFolder proc) {
        List<String> machines = proc.virtualMachines();
        return machines.isEmpty() || machines.contains("libjvm.so") ? null : machines.get(0);
    }

    /** Whether the last word on {@code flag} in {@code options} has this sign. */
    private static boolean set(String options, String flag, char sign) {
        boolean set = false;
        for (String option : BLANKS.split(options, -1)) {
            if (option.startsWith("-XX:") && option.substring(4).matches("[+-]" + flag)) {
                set = option.charAt(4) == sign;
            }
        }
        return set;
    }
}
