// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import io.lockjam.boot.Hooks;
import io.lockjam.control.Connection;
import io.lockjam.control.Frame;
import io.lockjam.control.Verb;
import io.lockjam.control.WeaveOutcome;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Keeps the agent at the disposal of a lockjam process; without one it falls silent and, after a while, leaves. */
final class ControlLoop {
    private static final long HELLO_MILLIS = 10_000;
    private static final long STEP_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Most often the target is out of memory: a hook allocates its note of a wait. */
    private static final String GAVE_UP =
            "the hooks failed too often and are off, waits in java.util.concurrent are not seen; attach anew to try again";

    private final AgentMain main;
    private final Installation in;
    private final Commands commands;
    private final boolean alone; // started with -javaagent: measures without a lockjam process too
    private long silentSince = System.nanoTime();
    private int graceSeconds;
    private boolean met;
    private boolean gaveUp; // and said so
    private boolean visited; // since the last look at what a visitor left
    private boolean forsaken; // and what the visitor turned is still so

    ControlLoop(AgentMain main, Installation in, boolean keep) {
        this.main = main;
        this.in = in;
        alone = main.config().connect() == null;
        graceSeconds = main.config().graceSeconds();
        commands = new Commands(main, in, keep);
    }

    void run() {
        AgentConfig caller = main.config();
        boolean over = false;
        while (!over && !commands.left()) {
            try {
                AgentConfig call = caller;
                caller = null;
                over = call == null ? step() : answer(call);
            } catch (Throwable fault) { // most often a full heap, whosever it is: in a second there may be room again
                in.faults().caught("control", fault);
                OwnThreads.rest(STEP_NANOS);
            }
        }
    }

    private boolean answer(AgentConfig call) {
        if (call.connect() != null) {
            serve(call.connect(), call.token());
        }
        return false;
    }

    /** What is done each second without a lockjam process; returns whether everything has been undone. */
    private boolean step() {
        if (System.nanoTime() - silentSince > TimeUnit.SECONDS.toNanos(graceSeconds)) {
            if (!commands.keep()) {
                report(in.undo());
                return true;
            }
            dropRecording();
        }
        if (forsaken) {
            in.forsaken();
            in.listened(alone || commands.keep());
            forsaken = false;
        }
        OwnThreads.rest(STEP_NANOS);
        weaveAlone();
        AgentConfig again = main.takeRedial();
        SessionFolder session = in.session();
        if (again != null && again.connect() != null) {
            take(again);
            answer(again);
        } else if (session != null) {
            session.rendezvous().ifPresent(place -> serve(place.socket(), place.token()));
        }
        return false;
    }

    /** Weaves what needs it with the weaver that travels in the agent jar; it is read for this only. */
    private void weaveAlone() {
        Weaving weaving = in.weaving();
        if (alone && (weaving.hasLoaded() || weaving.hasLost())) {
            try {
                InsideWeaver weaver = new InsideWeaver();
                weaving.weaveLoaded(weaver);
                mended(weaver).forEach(Console::say);
            } catch (Throwable fault) { // a boundary: those classes are not seen
                in.faults().caught("weaver", fault);
            }
        }
    }

    private void take(AgentConfig again) {
        in.deep(again.deep());
        graceSeconds = again.graceSeconds();
        if (!alone) {
            commands.keep(again.keep());
        }
    }

    /** Serves one connection to its end. */
    private void serve(String socket, String token) {
        try (Connection connection = Connection.dial(socket)) {
            connection.request(Verb.HELLO, in.hello(token, met, commands.keep()).write(), HELLO_MILLIS);
            met = true;
            visited = true;
            in.connection(connection);
            in.listened(true);
            while (!commands.left() && main.redialWanted() == null) {
                Frame frame = connection.poll(TimeUnit.NANOSECONDS.toMillis(STEP_NANOS));
                if (frame != null) {
                    commands.obey(frame, connection);
                }
                if (Hooks.broken() && !gaveUp) {
                    gaveUp = true;
                    connection.send(Verb.FAULT, Commands.text(GAVE_UP));
                }
                in.weaving().weaveLoaded(RemoteWeaver.hooks(connection));
                for (String each : mended(RemoteWeaver.hooks(connection))) {
                    connection.send(Verb.FAULT, Commands.text(each));
                }
            }
        } catch (IOException lost) {
            if (!met) {
                Console.say("no lockjam process answers at " + socket + ": " + lost.getMessage());
            }
        } catch (RuntimeException | OutOfMemoryError fault) {
            in.faults().caught("control", fault);
        } finally {
            in.connection(null);
            silentSince = System.nanoTime();
            forsaken = !commands.left();
        }
    }

    /** What a lockjam process started that was killed; one that leaves in peace stops it, or means to keep it. */
    private void dropRecording() {
        if (alone && visited) {
            in.discardRecording(); // or in a second, where that has to wait
            visited = false;
        }
    }

    /** Puts hooks in again that another agent has removed; returns what there is to say about it. */
    private List<String> mended(WeaveService weaver) {
        Weaving weaving = in.weaving();
        return weaving.hasLost() ? Losses.sentences(weaving.mend(weaver), weaving.woven()) : List.of();
    }

    private static void report(@Nullable WeaveOutcome outcome) {
        if (outcome != null && !outcome.failed().isEmpty()) {
            Console.say("not all classes have their original bytes again: " + String.join("; ", outcome.failed()));
        }
    }
}
