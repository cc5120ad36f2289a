// SPDX-License-Identifier: Apache-2.0
package io.lockjam.attach;

import io.lockjam.control.AgentState;
import io.lockjam.control.ClassBytes;
import io.lockjam.control.Connection;
import io.lockjam.control.FactRow;
import io.lockjam.control.Hello;
import io.lockjam.control.LoadedList;
import io.lockjam.control.PayloadReader;
import io.lockjam.control.PayloadWriter;
import io.lockjam.control.RefusedException;
import io.lockjam.control.StandingOutcome;
import io.lockjam.control.Switch;
import io.lockjam.control.Verb;
import io.lockjam.control.WeaveOutcome;
import io.lockjam.control.WindowOutcome;
import io.lockjam.race.RaceLink;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The agent as something to ask: finds the connection of the moment and puts verbs into methods. */
final class AgentLink implements ControlServer.Handler, RaceLink {
    private static final long QUICK_MILLIS = 5_000;
    /** Retransforming, with every thread of a busy target brought to a safepoint, may take long. */
    private static final long SLOW_MILLIS = 60_000;

    private static final long LOOK_MILLIS = 500;

    private final ClassWeaver weaver;
    private final AttachListener listener;
    private final Runnable lost;
    private CompletableFuture<Greeting> greeting = new CompletableFuture<>();
    private @Nullable Connection connection;
    private volatile Function<ClassBytes, byte @Nullable []> prober = original -> null;

    /** What the agent said first, and where. */
    record Greeting(Hello hello, Connection connection) {}

    /** @param lost called when a connection that stood has ended */
    AgentLink(ClassWeaver weaver, AttachListener listener, Runnable lost) {
        this.weaver = weaver;
        this.listener = listener;
        this.lost = lost;
    }

    /** As {@link #await(long)}, but only while the target lives. */
    @Nullable
    Hello await(long millis, BooleanSupplier alive) {
        Hello hello = null;
        for (long waited = 0; hello == null && waited < millis && alive.getAsBoolean(); waited += LOOK_MILLIS) {
            hello = await(LOOK_MILLIS);
        }
        return hello;
    }

    /** Waits for an agent to dial; null if none does in time. */
    @Nullable
    Hello await(long millis) {
        CompletableFuture<Greeting> expected;
        synchronized (this) {
            expected = greeting;
        }
        try {
            return expected.get(millis, TimeUnit.MILLISECONDS).hello();
        } catch (TimeoutException | ExecutionException nobody) {
            return null;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    boolean connected() {
        return current() != null;
    }

    /** @throws IOException also if the agent refused all of it and took itself out */
    WeaveOutcome weave(List<String> types) throws IOException {
        return WeaveOutcome.read(ask(Verb.WEAVE, new PayloadWriter().texts(types), SLOW_MILLIS));
    }

    WeaveOutcome leave() throws IOException {
        return WeaveOutcome.read(ask(Verb.LEAVE, new PayloadWriter(), SLOW_MILLIS));
    }

    /** What there is to say where {@link #leave} has failed. */
    static String stillIn(IOException why) {
        return why instanceof RefusedException
                ? "The agent could not undo everything yet (" + why.getMessage()
                        + "). Its hooks do nothing any more, and it tries again until the target has room."
                : "The agent did not confirm that it left; it undoes everything by itself within "
                        + AttachOptions.GRACE.toSeconds() + " s (" + why.getMessage() + ").";
    }

    void turn(Switch setting, String value) throws IOException {
        ask(Verb.SWITCH, new PayloadWriter().text(setting.id()).text(value), QUICK_MILLIS);
    }

    AgentState state() throws IOException {
        return AgentState.read(ask(Verb.STATUS, new PayloadWriter(), QUICK_MILLIS));
    }

    byte @Nullable [] classFile(String internalName) throws IOException {
        return ask(Verb.CLASS, new PayloadWriter().text(internalName), QUICK_MILLIS)
                .bytes();
    }

    List<String> origins(List<String> classNames) throws IOException {
        return ask(Verb.ORIGIN, new PayloadWriter().texts(classNames), QUICK_MILLIS)
                .texts();
    }

    void snapshot() throws IOException {
        ask(Verb.SNAPSHOT, new PayloadWriter(), QUICK_MILLIS);
    }

    WeaveOutcome searchQueues(boolean begins) throws IOException {
        PayloadWriter payload = new PayloadWriter().text(Boolean.toString(begins));
        return WeaveOutcome.read(ask(Verb.SEARCH, payload, SLOW_MILLIS));
    }

    void note(FactRow row) throws IOException {
        PayloadWriter out = new PayloadWriter();
        row.write(out);
        standing().send(Verb.NOTE, out.done());
    }

    @Override
    public synchronized void greeted(Hello hello, Connection dialled) {
        connection = dialled;
        greeting.complete(new Greeting(hello, dialled));
    }

    @Override
    public byte @Nullable [] weave(ClassBytes original) {
        return weaver.weave(original.name(), original.bytes());
    }

    @Override
    public byte @Nullable [] probe(ClassBytes original) {
        return prober.apply(original);
    }

    @Override
    public void prober(Function<ClassBytes, byte @Nullable []> wanted) {
        prober = wanted;
    }

    @Override
    public LoadedList classes(List<String> patterns, int most) throws IOException {
        PayloadWriter payload = new PayloadWriter().texts(patterns).integer(most);
        return LoadedList.read(ask(Verb.CLASSES, payload, SLOW_MILLIS));
    }

    @Override
    public WeaveOutcome probe(List<String> internalNames) throws IOException {
        return WeaveOutcome.read(ask(Verb.PROBE, new PayloadWriter().texts(internalNames), SLOW_MILLIS));
    }

    @Override
    public void arm(int millis) throws IOException {
        ask(Verb.ARM, new PayloadWriter().integer(millis), QUICK_MILLIS);
    }

    @Override
    public WindowOutcome end() throws IOException {
        return WindowOutcome.read(ask(Verb.UNPROBE, new PayloadWriter(), SLOW_MILLIS));
    }

    @Override
    public void predict(List<String> patterns) throws IOException {
        ask(Verb.PREDICT, new PayloadWriter().texts(patterns), SLOW_MILLIS);
    }

    @Override
    public StandingOutcome standingProbes() throws IOException {
        return StandingOutcome.read(ask(Verb.STANDING, new PayloadWriter(), QUICK_MILLIS));
    }

    @Override
    public void facts(List<FactRow> rows) {
        listener.facts(rows);
    }

    @Override
    public void said(String text) {
        listener.warn("The agent says: " + text);
    }

    @Override
    public void ended(Connection over) {
        synchronized (this) {
            connection = null;
            greeting = new CompletableFuture<>();
        }
        lost.run();
    }

    private PayloadReader ask(Verb verb, PayloadWriter payload, long millis) throws IOException {
        return standing().request(verb, payload.done(), millis);
    }

    private Connection standing() throws IOException {
        Connection now = current();
        if (now == null) {
            throw new IOException("the agent is not connected");
        }
        return now;
    }

    private synchronized @Nullable Connection current() {
        return connection;
    }
}
