// SPDX-License-Identifier: Apache-2.0
package io.lockjam.attach;

import io.lockjam.control.AgentState;
import io.lockjam.control.FactRow;
import io.lockjam.control.Hello;
import io.lockjam.control.Switch;
import io.lockjam.control.WeaveOutcome;
import io.lockjam.race.RaceLink;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Our presence in one target, from the first touch until everything is as it was.
 *
 * <p>{@link #reach} opens the JVM's attach channel, which fails for all the ordinary reasons; {@link #install} starts the
 * recording, loads the agent (or calls the one that is in already) and has the hooks woven; {@link #close} undoes it all.
 */
public final class Attachment implements AutoCloseable {
    /** An agent dials within a second; on a machine out of CPU its thread took more than 15 s to come to it. */
    private static final long DIAL_MILLIS = 120_000;
    /** A kept agent looks for us once a second. */
    private static final long RENDEZVOUS_MILLIS = 4_000;

    private final Target target;
    private final AttachOptions options;
    private final AttachListener listener;
    private final TargetVm vm;
    private final SessionFolder folder;
    private final WovenCache weaver;
    private final AgentLink agent;
    private final Watch watch;
    private final long began = System.nanoTime();
    private @Nullable ControlServer server;
    private volatile @Nullable Recorder recorder;
    private volatile boolean closing;
    private boolean guest; // of an agent that was started with -javaagent and stays when we go
    private Duration took = Duration.ZERO;

    private Attachment(
            Target target, AttachOptions options, AttachListener listener, TargetVm vm, SessionFolder folder) {
        this.target = target;
        this.options = options;
        this.listener = listener;
        this.vm = vm;
        this.folder = folder;
        weaver = new WovenCache(new JdkWeaver(), target.jvm().feature(), WovenCache.defaultFolder());
        agent = new AgentLink(weaver, listener, this::lost);
        watch = new Watch(target, folder, listener);
    }

    /**
     * Opens the way into {@code target}; nothing in it has changed when this returns.
     *
     * @throws AttachException if it cannot be attached to, or another lockjam is attached to it
     */
    public static Attachment reach(Target target, AttachOptions options, AttachListener listener)
            throws AttachException {
        try {
            SessionFolder folder = SessionFolder.of(target.proc(), target.jvm().uid());
            folder.mustBeFree(target);
            TargetVm vm = TargetVm.open(target);
            try {
                folder.mustBeFree(target); // the way in takes long enough for another one to come first
                folder.create();
                return new Attachment(target, options, listener, vm, folder);
            } catch (IOException | RuntimeException | AttachException failed) {
                vm.close();
                throw failed;
            }
        } catch (IOException failed) {
            throw target.failure("its session folder could not be made (" + IoReason.withFile(failed) + ")", failed);
        }
    }

    /**
     * Brings recording, agent and hooks into the target.
     *
     * @throws AttachException if the agent does not come up; what had been done is undone by {@link #close}
     */
    public void install() throws AttachException {
        watch.start();
        try {
            listener.stage(AttachListener.Stage.RECORDING);
            record();
            listener.stage(AttachListener.Stage.AGENT);
            Hello hello = summon();
            guest = hello.commandLine();
            listener.stage(AttachListener.Stage.HOOKS);
            weave(hello);
        } catch (IOException failed) {
            throw target.failure(Obstacles.since(target.proc(), IoReason.withFile(failed)), failed);
        }
        took = Duration.ofNanos(System.nanoTime() - began);
        watch.attached();
        listener.stage(AttachListener.Stage.DONE);
    }

    /** Calls an agent that is in already, to be the one that takes it out. */
    void rejoin() throws AttachException {
        try {
            summon();
        } catch (IOException failed) {
            throw target.failure(IoReason.withFile(failed), failed);
        }
    }

    public Target target() {
        return target;
    }

    /** The way windows of probes go; of use after {@link #install}. */
    public RaceLink races() {
        return agent;
    }

    /** From {@link #reach} to the end of {@link #install}. */
    public Duration took() {
        return took;
    }

    /** The JFR repository as seen from here; empty if facts come over the connection. */
    public Optional<Path> repository() {
        Recorder running = recorder;
        return running == null ? Optional.empty() : Optional.of(running.repository());
    }

    /** A class file as the target's class path has it; null if it has none of that name. */
    public byte @Nullable [] classFile(String internalName) throws IOException {
        return agent.classFile(internalName);
    }

    /** Where classes were loaded from, in the order of the names; an empty text where not known. */
    public List<String> origins(List<String> classNames) throws IOException {
        return agent.origins(classNames);
    }

    public void turn(Switch setting, String value) throws IOException {
        agent.turn(setting, value);
    }

    public AgentState state() throws IOException {
        return agent.state();
    }

    /** Puts a fact that was found out here into the target's recording. */
    public void note(FactRow row) throws IOException {
        agent.note(row);
    }

    /** Lets hooks, snapshots and recording rest until {@link #resume}; the woven bytes stay. */
    public void pause() throws IOException {
        agent.turn(Switch.SNAPSHOTS, "false");
        agent.turn(Switch.ENABLED, "false");
        Recorder running = recorder;
        if (running != null) {
            running.jfr().stop();
        }
    }

    /** Ends a {@link #pause}; harmless if there is none. */
    public void resume() throws IOException {
        Recorder running = recorder;
        if (running != null && running.jfr().recordings().stream().noneMatch(JfrControl.Recording::ours)) {
            running.jfr().start();
        }
        agent.turn(Switch.ENABLED, "true");
        agent.turn(Switch.SNAPSHOTS, "true");
    }

    /** Says that somebody reads from now on: names and stacks that were told before are told again. */
    public void tellAgain() throws IOException {
        agent.turn(Switch.SNAPSHOTS, "true");
    }

    /** Takes a snapshot of all threads now. */
    public void snapshot() throws IOException {
        agent.snapshot();
    }

    /** Begins a search for queues in use, during which the queues of the JDK tell of each use, or ends it. */
    public void searchQueues(boolean begins) throws IOException {
        agent.searchQueues(begins);
    }

    /** Leaves short monitor waits out of the recording from now on; returns the new threshold, empty if it cannot rise. */
    public Optional<Duration> recordLess() throws IOException {
        Recorder running = recorder;
        if (running == null || !running.jfr().raiseThreshold()) {
            return Optional.empty();
        }
        return Optional.of(running.jfr().threshold());
    }

    /** Copies what our recording holds so far to {@code file}, which is new and belongs to this user. */
    public void dump(Path file) throws IOException {
        recording().dump(file);
    }

    /** Does the same for a target that has ended. */
    public void rescue(Path file) throws IOException {
        recording().rescue(file);
    }

    private Recorder recording() throws IOException {
        Recorder running = recorder;
        if (running == null) {
            throw new IOException("nothing is recorded in " + target.label());
        }
        return running;
    }

    /** Whether recordings of others run in the target: they write into the same files as ours. */
    public boolean sharesRecording() throws IOException {
        Recorder running = recorder;
        return running != null && running.jfr().recordings().stream().anyMatch(JfrControl.Recording::foreign);
    }

    /** Undoes what {@link #install} did; never fails. An agent that was to be kept, or came with the command line, stays. */
    @Override
    public void close() {
        if (closing) {
            return;
        }
        closing = true;
        watch.close();
        boolean stays = options.keep() && agent.connected() && staysIn();
        if (!stays && !guest) {
            leave();
        }
        if (!stays) {
            stopRecording();
        }
        vm.close();
        closeFiles(stays);
        weaver.prune(Instant.now());
    }

    private void record() throws AttachException {
        try {
            recorder = Recorder.start(target, vm, folder, options, DiskGuard.Limits.DEFAULT, this::recordingStopped);
        } catch (NoRecording reason) {
            listener.warn("Nothing is recorded on disk, facts come over the connection: " + reason.getMessage() + ".");
        }
    }

    /** Calls the agent that is in, or loads it; it is loaded once, for each load leaves an Instrumentation behind. */
    private Hello summon() throws IOException, AttachException {
        server = ControlServer.start(folder, agent);
        if (folder.agentIn()) {
            folder.replace(SessionFolder.CONNECT, server.innerSocket() + "\n" + server.token() + "\n");
            Hello kept = agent.await(RENDEZVOUS_MILLIS);
            if (kept != null) {
                return kept;
            }
        }
        byte[] jar = AgentJar.bytes();
        String name = "lockjam-agent-" + Sha256.of(jar).substring(0, 12) + ".jar";
        folder.write(name, jar);
        folder.delete(SessionFolder.FAILED);
        vm.load(folder.inner().resolve(name).toString(), agentOptions(server));
        Hello hello = agent.await(vm.patience(DIAL_MILLIS), () -> target.alive() && folder.failure() == null);
        if (hello == null) {
            throw target.failure(folder.silence(vm.managed() && target.alive()), null);
        }
        return hello;
    }

    private String agentOptions(ControlServer open) {
        return "connect=" + escaped(open.innerSocket()) + ",token=" + open.token() + ",depth="
                + options.depth().id() + ",grace=" + AttachOptions.GRACE.toSeconds() + ",keep=" + options.keep()
                + ",session=" + escaped(folder.inner().toString()) + ",memory=" + (recorder == null);
    }

    private void weave(Hello hello) throws IOException {
        if (hello.reconnected() || hello.woven()) {
            agent.turn(Switch.DEPTH, options.depth().id());
            agent.turn(Switch.MEMORY_ONLY, Boolean.toString(recorder == null));
        }
        if (!hello.woven()) {
            List<String> types = weaver.types();
            WeaveOutcome outcome = types.isEmpty() ? new WeaveOutcome(List.of(), List.of(), 0) : agent.weave(types);
            outcome.failed().forEach(line -> listener.warn("Not woven: " + line));
        }
        agent.turn(Switch.ENABLED, "true");
    }

    private void recordingStopped(String reason) {
        if (options.history() == null) { // the file is what was wanted
            listener.warn("The recording was ended: " + reason + ".");
            watch.end(AttachListener.End.RECORDING_ENDED);
            return;
        }
        recorder = null;
        listener.warn("The recording was ended, facts come over the connection: " + reason + ".");
        try {
            agent.turn(Switch.MEMORY_ONLY, "true");
        } catch (IOException gone) {
            listener.warn("The agent could not be told: " + gone.getMessage() + ".");
        }
    }

    /** The connection went away without our doing: either the target did too, or the agent waits for a new call. */
    private void lost() {
        if (closing) {
            return;
        }
        Thread calling = new Thread(this::callAgain, "lockjam-reconnect");
        calling.setDaemon(true);
        calling.start();
    }

    private void callAgain() {
        ControlServer open = server;
        try {
            if (open == null || !target.alive()) {
                return; // the watch reports it
            }
            String fresh = Long.toString(System.nanoTime());
            folder.replace(SessionFolder.CONNECT, open.innerSocket() + "\n" + open.token() + "\n" + fresh + "\n");
            Hello hello = agent.await(AttachOptions.GRACE.toMillis());
            if (hello != null) {
                weave(hello);
                return;
            }
        } catch (IOException failed) {
            listener.warn("The agent could not be reached again: " + failed.getMessage() + ".");
        }
        if (!closing && target.alive()) {
            watch.end(AttachListener.End.AGENT_LEFT);
        }
    }

    /** Also one that an earlier session left running. */
    private void stopRecording() {
        Recorder running = recorder;
        try {
            if (running != null) {
                running.close();
            } else {
                JfrSettings any = JfrSettings.of(options.depth());
                new JfrControl(vm, folder, any, new JfrControl.Keep(Duration.ZERO, 0)).stop();
            }
        } catch (IOException noJfr) {
            return; // then there is nothing to stop
        }
    }

    private boolean staysIn() {
        try {
            agent.turn(Switch.KEEP, "true");
            return true;
        } catch (IOException gone) {
            listener.warn("The agent could not be told to stay: " + gone.getMessage() + ".");
            return false;
        }
    }

    private void leave() {
        try {
            if (target.proc().stopped()) {
                listener.warn(target.label() + " is stopped; the agent leaves by itself once it goes on.");
            } else if (agent.connected()) {
                WeaveOutcome outcome = agent.leave();
                outcome.failed().forEach(line -> listener.warn("Not restored: " + line));
            }
        } catch (IOException gone) {
            if (target.alive()) {
                listener.warn(AgentLink.stillIn(gone));
            }
        }
    }

    private void closeFiles(boolean stays) {
        try {
            if (server != null) {
                server.close();
            }
            folder.delete(SessionFolder.CONNECT);
            folder.delete(SessionFolder.DASHBOARD);
            folder.delete(JfrControl.SETTINGS);
            folder.delete(SessionFolder.LEAVE);
            if (!stays && !(target.alive() && folder.agentIn())) {
                folder.deleteAll();
            }
        } catch (IOException gone) {
            return; // the folder went with the target's container
        }
    }

    private static String escaped(String path) {
        return path.replace("%", "%25").replace(",", "%2C");
    }
}
