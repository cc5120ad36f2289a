// SPDX-License-Identifier: Apache-2.0
package io.lockjam.attach;

import com.sun.tools.attach.AgentInitializationException;
import com.sun.tools.attach.AgentLoadException;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The JVM's own attach channel: diagnostic commands and loading of the agent. */
final class TargetVm implements AutoCloseable {
    private final Target target;
    private final VirtualMachine machine;
    private boolean managed;

    private TargetVm(Target target, VirtualMachine machine) {
        this.target = target;
        this.machine = machine;
    }

    static TargetVm open(Target target) throws AttachException {
        String lacking = ProcessRoom.lacking(target.pid(), target.jvm().uid());
        if (lacking != null) {
            throw target.failure(lacking, null);
        }
        try {
            return new TargetVm(target, attach(target));
        } catch (AttachNotSupportedException refused) {
            throw target.failure(silence(target, firstLine(refused)), refused);
        } catch (Patience.NoAnswer silent) {
            throw target.failure(silent.obstacle(), silent);
        } catch (IOException failed) {
            throw target.failure("the attach channel failed (" + firstLine(failed) + ")", failed);
        }
    }

    /** Why it does not answer: the way in is a file in its {@code /tmp}, made by one of its threads. */
    private static Obstacle silence(Target target, String said) {
        Path folder = target.proc().outer(Path.of("/tmp"));
        if (!Files.isWritable(folder) || folder.toFile().getUsableSpace() == 0) {
            String reason = "its /tmp is full or cannot be written to, so it cannot open the way in";
            return new Obstacle(reason, Obstacle.Cure.START_WITH_AGENT);
        }
        return target.proc().idle()
                ? new Obstacle(Obstacles.SUSPENDED, Obstacle.Cure.NONE)
                : Obstacles.since(target.proc(), "it does not answer (" + said + ")");
    }

    private static VirtualMachine attach(Target target) throws IOException, AttachNotSupportedException {
        String pid = Long.toString(target.pid());
        WayIn.await(target);
        try {
            return Patience.with(target, () -> VirtualMachine.attach(pid));
        } catch (IOException failed) {
            if (!LeftSocket.remove(target)) {
                throw failed;
            }
            WayIn.await(target);
            return Patience.with(target, () -> VirtualMachine.attach(pid));
        }
    }

    /**
     * Runs what {@code jcmd} would.
     *
     * @throws IOException if the target has ended or does not know the command
     */
    String command(String line) throws IOException {
        try {
            return Patience.with(target, () -> execute(line));
        } catch (InvocationTargetException failed) {
            if (failed.getCause() instanceof IOException cause) {
                throw cause;
            }
            throw new IOException("jcmd " + line + " failed", failed.getCause());
        } catch (ReflectiveOperationException | RuntimeException unusual) {
            throw new IOException("this Java runtime does not let us send diagnostic commands", unusual);
        }
    }

    /** By a public method, but in a package of jdk.attach that the manifest has to open (Add-Exports). */
    private String execute(String line) throws IOException, ReflectiveOperationException {
        Method execute = Class.forName("sun.tools.attach.HotSpotVirtualMachine").getMethod("executeJCmd", String.class);
        try (InputStream answer = (InputStream) execute.invoke(machine, line)) {
            return new String(bytes(answer), StandardCharsets.UTF_8);
        }
    }

    /** Always to the beginning of a buffer: JDK 17 reads beyond the end of one that is partly full, and fails (readAllBytes). */
    private static byte[] bytes(InputStream in) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] buffer = new byte[1 << 12];
        for (int read = in.read(buffer); read > 0; read = in.read(buffer)) {
            all.write(buffer, 0, read);
        }
        return all.toByteArray();
    }

    /** Whether the target may hardly open another file. */
    boolean fewFiles() {
        return ProcessRoom.fewFiles(target.pid());
    }

    /** Whether the target has a folder of this name. */
    boolean hasFolder(Path inner) {
        return Files.isDirectory(target.proc().outer(inner));
    }

    /** A system property of the target that the JVM itself was started with or set. */
    String property(String name, String otherwise) throws IOException {
        return machine.getSystemProperties().getProperty(name, otherwise);
    }

    /** How long to wait for the agent's call: a SecurityManager that keeps it out does not let it say so. */
    long patience(long millis) throws IOException {
        String manager = property("java.security.manager", "disallow"); // until JDK 23
        managed = !manager.equals("allow") && !manager.equals("disallow");
        return managed ? millis / 8 : millis;
    }

    /** Whether the last {@link #patience} saw a SecurityManager. */
    boolean managed() {
        return managed;
    }

    /** Loads the agent; it returns from {@code agentmain} at once and dials us from its own thread. */
    void load(String agentJar, String options) throws AttachException {
        try {
            Patience.<Boolean, Exception>with(target, () -> {
                machine.loadAgent(agentJar, options);
                return true;
            });
        } catch (AgentLoadException refused) {
            throw firstLine(refused).contains("java.instrument not found")
                    ? target.withoutAgents(refused)
                    : target.failure(reason(refused), refused);
        } catch (AgentInitializationException failed) {
            throw target.failure("the agent did not start (" + firstLine(failed) + ")", failed);
        } catch (Patience.NoAnswer silent) {
            throw target.failure(silent.obstacle(), silent);
        } catch (Exception failed) { // also what the channel throws when the target ends meanwhile
            throw target.failure("the attach channel failed (" + firstLine(failed) + ")", failed);
        }
    }

    @Override
    public void close() {
        try {
            machine.detach();
        } catch (IOException alreadyGone) {
            return; // nothing is held on the other side
        }
    }

    private static String reason(AgentLoadException refused) {
        String text = firstLine(refused);
        if (text.contains("ynamic agent loading is not enabled")) {
            return "it was started with -XX:-EnableDynamicAgentLoading";
        }
        if (text.contains("OutOfMemoryError") || text.contains("system class path")) {
            return "it does not load the agent (" + text + "); it seems to be out of memory";
        }
        return "it does not load agents (" + text + ")";
    }

    private static String firstLine(Throwable failed) {
        String message = String.valueOf(failed.getMessage()).strip();
        int end = message.indexOf('\n');
        return end < 0 ? message : message.substring(0, end);
    }
}
