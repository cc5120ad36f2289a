// SPDX-License-Identifier: Apache-2.0
package io.lockjam.attach;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Says, before anything is tried, why a JVM cannot be attached to. */
final class Obstacles {
    static final String STOPPED = "it is stopped, by a signal or a debugger; kill -CONT lets it go on";

    private static final Pattern BLANKS = Pattern.compile("\\s+");

    private Obstacles() {}

    /** One clause that can follow "cannot attach: "; null if nothing is in the way. */
    static @Nullable String of(ProcFolder proc, long uid, String version, @Nullable PerfData data) {
        long own = User.uid();
        if (own != 0 && own != uid) {
            return "it runs as user " + User.label(uid) + " and you are " + User.label(own);
        }
        String vm = data == null ? foreignMachine(proc) : data.vmName();
        if (vm != null && (vm.contains("J9") || vm.startsWith("libj9"))) {
            return "it is not a HotSpot JVM (" + vm + ")";
        }
        int feature = JdkVersion.feature(version);
        if (feature != 0 && feature < JdkVersion.OLDEST) {
            return "it runs on JDK " + version + "; 17 is the oldest that is supported";
        }
        if (proc.stopped()) {
            return STOPPED;
        }
        String options = data == null ? String.join(" ", proc.commandLine()) : data.options();
        if (set(options, "DisableAttachMechanism", '+') || (data != null && !data.servesAttach())) {
            return "it was started with -XX:+DisableAttachMechanism";
        }
        if (set(options, "EnableDynamicAgentLoading", '-')) {
            return "it was started with -XX:-EnableDynamicAgentLoading";
        }
        return null;
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
