// SPDX-License-Identifier: Apache-2.0
package io.lockjam.attach;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A JVM that nothing is known to keep us from attaching to.
 *
 * @param startTicks tells this process from a later one with the same pid
 */
public record Target(Jvm jvm, long startTicks) {
    /** The port shown in the command line that would work. */
    private static final int EXAMPLE_PORT = 5625;

    /**
     * Finds the one JVM that a pid or a name means and checks it.
     *
     * @param pidOrName a pid, a main class with or without its package, or a jar's name
     * @throws AttachException if there is none or more than one, or it cannot be attached to
     */
    public static Target resolve(String pidOrName) throws AttachException {
        return isPid(pidOrName) ? ofPid(Long.parseLong(pidOrName)) : of(named(pidOrName));
    }

    /** Whether an argument of a command is meant as a pid. */
    public static boolean isPid(String argument) {
        return argument.matches("\\d{1,18}");
    }

    /** Like {@link #resolve}, for a pid. */
    public static Target ofPid(long pid) throws AttachException {
        ProcFolder proc = new ProcFolder(pid);
        if (pid == ProcessHandle.current().pid()) {
            throw new AttachException("Process " + pid + " is this lockjam itself.", null);
        }
        if (!proc.exists()) {
            throw new AttachException("There is no process " + pid + " on this machine.", "lockjam ps lists the JVMs.");
        }
        if (proc.zombie()) {
            throw ended(pid);
        }
        long process = process(proc);
        if (process != pid) {
            throw new AttachException(
                    pid + " is not a process but a thread of process " + process + ".",
                    "Give the pid of the process: " + process + ".");
        }
        Optional<Jvm> jvm = Jvms.find(pid);
        if (jvm.isEmpty()) {
            throw new AttachException(
                    "Process " + pid + " (" + proc.program() + ") is not a JVM" + asFarAsSeen(proc) + ".",
                    "lockjam ps lists the JVMs.");
        }
        return of(jvm.get());
    }

    private static long process(ProcFolder proc) throws AttachException {
        try {
            return proc.process();
        } catch (IOException gone) {
            throw ended(proc.pid());
        }
    }

    /** Of other users' processes only root sees which libraries they have loaded. */
    private static String asFarAsSeen(ProcFolder proc) {
        try {
            return User.uid() == 0 || User.uid() == proc.uid() ? "" : ", as far as this user can see";
        } catch (IOException gone) {
            return "";
        }
    }

    public long pid() {
        return jvm.pid();
    }

    /** Whether the very process that was found still runs. */
    public boolean alive() {
        try {
            return proc().exists() && !proc().zombie() && proc().startTicks() == startTicks;
        } catch (IOException gone) {
            return false;
        }
    }

    /** {@code 4711 (com.acme.Main)}. */
    public String label() {
        return jvm.mainClass().isEmpty() ? Long.toString(pid()) : pid() + " (" + jvm.mainClass() + ")";
    }

    /** Its JDK as seen from here; null if its executable cannot be seen. */
    public @Nullable Path javaHome() {
        Path executable = proc().executable();
        Path bin = executable == null ? null : executable.getParent();
        Path home = bin == null ? null : bin.getParent();
        return home == null ? null : proc().outer(home);
    }

    ProcFolder proc() {
        return new ProcFolder(jvm.pid());
    }

    /** A failure of this target: one sentence, and the command line that does without attaching. */
    AttachException failure(String reason, @Nullable Throwable cause) {
        return failure(new Obstacle(reason, Obstacle.Cure.START_WITH_AGENT), cause);
    }

    /** The same with what helps against it. */
    AttachException failure(Obstacle obstacle, @Nullable Throwable cause) {
        if (!alive()) {
            return ended(pid());
        }
        return new AttachException(
                "Cannot attach to " + label() + ": " + obstacle.reason() + ".", advice(obstacle.cure(), jvm), cause);
    }

    /** Of a runtime in which no agent can run, however it is started. */
    AttachException withoutAgents(Throwable cause) {
        return new AttachException(
                "Cannot attach to " + label() + ": its runtime was made without the module java.instrument.",
                "Make the runtime with it: jlink --add-modules java.instrument,jdk.jfr,…",
                cause);
    }

    private static AttachException ended(long pid) {
        return new AttachException("Process " + pid + " has ended.", null);
    }

    private static Target of(Jvm jvm) throws AttachException {
        Target target;
        try {
            target = new Target(jvm, new ProcFolder(jvm.pid()).startTicks());
        } catch (IOException gone) {
            throw ended(jvm.pid());
        }
        if (jvm.obstacle() != null) {
            throw target.failure(jvm.obstacle(), null);
        }
        return target;
    }

    private static Jvm named(String name) throws AttachException {
        List<Jvm> matches =
                Jvms.list().stream().filter(jvm -> jvm.answersTo(name)).toList();
        if (matches.isEmpty()) {
            throw new AttachException(
                    "No JVM on this machine has the main class or jar '" + name + "'.", "lockjam ps lists the JVMs.");
        }
        if (matches.size() > 1) {
            String pids = matches.stream().map(jvm -> Long.toString(jvm.pid())).collect(Collectors.joining(", "));
            throw new AttachException(
                    "'" + name + "' means " + matches.size() + " JVMs: " + pids + ".", "Give the pid of one of them.");
        }
        return matches.get(0);
    }

    private static @Nullable String advice(Obstacle.Cure cure, Jvm jvm) {
        return switch (cure) {
            case START_WITH_AGENT -> agentLine(jvm);
            case BE_ITS_USER ->
                "Run lockjam as that user: sudo -u " + jvm.user() + " lockjam attach " + jvm.pid() + "\n"
                        + agentLine(jvm);
            case NONE -> null;
        };
    }

    /** Without the application's arguments, which may hold secrets. */
    private static String agentLine(Jvm jvm) {
        Path jar = AgentJar.besideUs();
        String main = jvm.mainClass().isEmpty() ? "MainClass" : jvm.mainClass();
        return "Start it with the agent instead: java -javaagent:" + jar + "=serve=" + EXAMPLE_PORT
                + (main.endsWith(".jar") ? " -jar " : " ") + main;
    }
}
