// SPDX-License-Identifier: Apache-2.0
package io.lockjam.source;

import io.lockjam.event.NameEvent;
import io.lockjam.model.Fact;
import io.lockjam.model.MainClass;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What held up all threads at once or gives their use of the processors: pauses, loads, switches, throttling. */
final class JdkMachine {
    /** How the VM operations of the collectors begin; jdk.GCPhasePause has their times. */
    private static final List<String> COLLECTIONS =
            List.of("G1", "Gen", "Parallel", "Serial", "CMS", "Collect", "Z", "X", "Shenandoah");

    /** As in "OpenJDK 64-Bit Server VM (17.0.15+6-Debian-1deb12u1) for linux-amd64 JRE …". */
    private static final Pattern VERSION = Pattern.compile("\\((\\d+(?:\\.\\d+)*)");

    private final EventReader troubles;
    private final boolean scaleLater;
    private volatile int cpus;
    private boolean safepointsBegin;
    private boolean usageSeen;
    private @Nullable Instant throttledAt;
    private Duration throttled = Duration.ZERO;

    JdkMachine(EventReader troubles, int cpus) {
        this.troubles = troubles;
        this.cpus = cpus;
        this.scaleLater = cpus == 0;
    }

    Map<String, EventReader.Reading> readings() {
        return Map.ofEntries(
                Map.entry("jdk.GCPhasePause", this::collection),
                Map.entry("jdk.SafepointBegin", this::safepoint),
                Map.entry("jdk.SafepointStateSynchronization", this::synchronization),
                Map.entry("jdk.ExecuteVMOperation", this::operation),
                Map.entry("jdk.JVMInformation", JdkMachine::jvm),
                Map.entry("jdk.InitialSystemProperty", JdkMachine::property),
                Map.entry("jdk.CPUInformation", event -> processors(event, "hwThreads")),
                Map.entry("jdk.ContainerConfiguration", event -> processors(event, "effectiveCpuCount")),
                Map.entry("jdk.ThreadCPULoad", this::threadLoad),
                Map.entry("jdk.CPULoad", this::load),
                Map.entry("jdk.ThreadContextSwitchRate", this::switches),
                Map.entry("jdk.ContainerCPUThrottling", this::throttling),
                Map.entry("jdk.DataLoss", this::loss));
    }

    private Fact collection(EventFields event) {
        return pause(event, "GC: " + event.text("name"));
    }

    /** Stopping the threads: ends when all of them stand. */
    private Fact safepoint(EventFields event) {
        safepointsBegin = true;
        return pause(event, "safepoint: stopping threads");
    }

    /** Part of jdk.SafepointBegin, for recordings without that. */
    private @Nullable Fact synchronization(EventFields event) {
        return safepointsBegin ? null : pause(event, "safepoint: stopping threads");
    }

    private @Nullable Fact operation(EventFields event) {
        String operation = event.text("operation");
        boolean collection = COLLECTIONS.stream().anyMatch(operation::startsWith);
        return collection || !event.truth("safepoint", false) ? null : pause(event, "safepoint: " + operation);
    }

    private static Fact pause(EventFields event, String cause) {
        return new Fact.Pause(event.end(), event.took(), cause);
    }

    /** What a container grants wins over what the machine has, so the least counts. */
    private Fact processors(EventFields event, String field) {
        int told = event.integer(field, 0);
        if (told > 0) {
            cpus = cpus == 0 ? told : Math.min(cpus, told);
        }
        return new Fact.JvmSeen(event.end(), -1, "", "", cpus, -1);
    }

    /** Of the command only the first word is taken: the others may be secrets. */
    private static Fact jvm(EventFields event) {
        Matcher version = VERSION.matcher(event.text("jvmVersion"));
        return new Fact.JvmSeen(
                event.end(),
                event.number("pid", -1),
                MainClass.of(event.text("javaArguments")),
                version.find() ? version.group(1) : "",
                0,
                event.number("jvmStartTime", -1));
    }

    /** Of the properties only where classes lie is taken: the others may be secrets. */
    private static @Nullable Fact property(EventFields event) {
        return event.text("key").equals("java.class.path")
                ? new Fact.Named(event.end(), NameEvent.CLASS_PATH, event.text("value"))
                : null;
    }

    /**
     * JFR gives shares of all processors of the JVM (jfrThreadCPULoadEvent.cpp); a fact is a share of one. A file may tell the
     * number of processors behind the loads, so there {@link #settled} scales them.
     */
    private Fact threadLoad(EventFields event) {
        int scale = scaleLater ? 1 : cpus;
        return new Fact.ThreadCpu(
                event.end(), event.own(), scale * event.real("user", 0), scale * event.real("system", 0));
    }

    /** To be called once for each fact of a file; null if it cannot be told. */
    @Nullable
    Fact settled(Fact fact) {
        if (!scaleLater || !(fact instanceof Fact.ThreadCpu load)) {
            return fact;
        }
        if (cpus == 0) {
            troubles.trouble("CPU loads of threads are left out: the recording does not tell the number of processors");
            return null;
        }
        return new Fact.ThreadCpu(load.at(), load.thread(), cpus * load.user(), cpus * load.system());
    }

    private Fact load(EventFields event) {
        double process = event.real("jvmUser", 0) + event.real("jvmSystem", 0);
        return new Fact.CpuLoad(event.end(), process, event.real("machineTotal", 0));
    }

    private Fact switches(EventFields event) {
        return new Fact.SwitchRate(event.end(), event.real("switchRate", 0));
    }

    /** The event counts from the start of the container; the first one only begins an interval. */
    private @Nullable Fact throttling(EventFields event) {
        Instant at = event.end();
        Instant before = throttledAt;
        Duration sum = event.span("cpuThrottledTime");
        Duration grown = sum.minus(throttled);
        throttledAt = at;
        throttled = sum;
        boolean told = before != null && before.isBefore(at) && !grown.isNegative() && !usageSeen;
        return told ? new Fact.OsUsage(at, Duration.between(before, at), List.of(), Times.nanos(grown), -1) : null;
    }

    /** From now on the throttling comes from our own reading of the cgroup. */
    void usageSeen(boolean throttlingToo) {
        usageSeen |= throttlingToo;
    }

    private Fact loss(EventFields event) {
        long lost = event.number("amount", -1);
        return new Fact.Gap(event.end(), Duration.ZERO, "bytes of events were lost: JFR's buffers were full", lost);
    }
}
