// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import io.lockjam.boot.Hooks;
import io.lockjam.control.Connection;
import io.lockjam.control.FactRow;
import io.lockjam.control.Frame;
import io.lockjam.control.PayloadReader;
import io.lockjam.control.PayloadWriter;
import io.lockjam.control.ProtocolException;
import io.lockjam.control.Switch;
import io.lockjam.control.WeaveOutcome;
import io.lockjam.event.NameEvent;
import io.lockjam.event.OsUsageEvent;
import io.lockjam.event.StoppedEvent;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/** Does what the lockjam process asks for: a closed list, each within bounds. */
final class Commands {
    /** Facts of the lockjam process that go into the recording. */
    private static final Set<String> NOTED = Set.of(NameEvent.NAME, OsUsageEvent.NAME, StoppedEvent.NAME);

    private static final long LAST_WORDS_MILLIS = 2_000;

    private final AgentMain main;
    private final Installation in;
    private boolean keep;
    private boolean left;

    Commands(AgentMain main, Installation in, boolean keep) {
        this.main = main;
        this.in = in;
        this.keep = keep;
    }

    boolean keep() {
        return keep;
    }

    void keep(boolean wanted) {
        keep = wanted;
    }

    /** Whether everything has been undone by request. */
    boolean left() {
        return left;
    }

    /** Obeys and answers. A fault of ours is the answer to what caused it. */
    void obey(Frame frame, Connection connection) throws IOException {
        byte[] answer;
        try {
            answer = answer(frame, connection);
        } catch (Refusal refusal) {
            connection.refuse(frame, String.valueOf(refusal.getMessage()));
            return;
        } catch (ProtocolException broken) {
            throw broken;
        } catch (Throwable fault) { // a boundary: the agent stays
            in.faults().caught(frame.verb().name(), fault);
            connection.refuse(frame, fault.toString());
            return;
        }
        if (frame.id() != 0) {
            connection.reply(frame, answer);
        }
        if (left) {
            connection.drain(LAST_WORDS_MILLIS);
        }
    }

    static byte[] text(String text) {
        return new PayloadWriter().text(text).done();
    }

    /** A request that cannot be met, for a reason the other side should show. */
    private static final class Refusal extends Exception {
        private static final long serialVersionUID = 1;

        Refusal(String why) {
            super(why);
        }
    }

    private byte[] answer(Frame frame, Connection connection) throws Throwable {
        PayloadReader request = frame.read();
        return switch (frame.verb()) {
            case WEAVE -> weave(request.texts(), connection).write();
            case UNWEAVE -> in.weaving().restore(request.texts()).write();
            case SWITCH -> turn(request.text(), request.text());
            case ORIGIN ->
                new PayloadWriter().texts(in.classes().origins(request.texts())).done();
            case CLASS ->
                new PayloadWriter().bytes(in.classes().bytes(request.text())).done();
            case NOTE -> note(FactRow.read(request));
            case STATUS -> in.state().write();
            case SNAPSHOT -> new PayloadWriter().number(in.ticker().snapshot()).done();
            case LEAVE -> leave().write();
            case CLASSES ->
                in.races().classes(request.texts(), request.integer()).write();
            case PROBE ->
                in.races()
                        .probe(request.texts(), RemoteWeaver.probes(connection))
                        .write();
            case ARM -> in.races().arm(request.integer());
            case UNPROBE -> in.races().end().write();
            case SEARCH -> search(flag(request.text()), connection).write();
            case PREDICT -> predict(request.texts());
            case STANDING -> in.races().standing().write();
            case HELLO, BYTES, PROBE_BYTES, FACTS, REPLY, FAULT ->
                throw new ProtocolException(frame.verb() + " is not for the agent");
        };
    }

    private WeaveOutcome weave(List<String> names, Connection connection) throws Exception {
        WeaveOutcome outcome = in.weaving().weave(names, RemoteWeaver.hooks(connection));
        String problem = in.test(outcome);
        if (!problem.isEmpty()) {
            in.weaving().restore(in.weaving().woven());
            throw new Refusal(problem);
        }
        return outcome;
    }

    private WeaveOutcome search(boolean begins, Connection connection) {
        return begins
                ? in.queues().begin(RemoteWeaver.hooks(connection))
                : in.queues().end();
    }

    private byte[] predict(List<String> patterns) throws Exception {
        in.races().stand(patterns, true, true);
        return PayloadWriter.EMPTY;
    }

    private WeaveOutcome leave() throws Refusal {
        WeaveOutcome outcome;
        try {
            outcome = in.undo(); // what fails here is tried again when the grace period is over
        } catch (NoNextFileException crowded) {
            throw new Refusal(String.valueOf(crowded.getMessage()));
        }
        left = true;
        main.left();
        return outcome;
    }

    private byte[] note(FactRow fact) throws Refusal {
        if (!NOTED.contains(fact.event())) {
            throw new Refusal(fact.event() + " cannot be noted");
        }
        Row row = new Row(fact.event());
        fact.fields().forEach(row::put);
        in.sinks().current().put(row);
        return PayloadWriter.EMPTY;
    }

    private byte[] turn(String name, String value) throws Refusal {
        Switch which = Switch.of(name).orElseThrow(() -> new Refusal("there is no switch '" + name + "'"));
        switch (which) {
            case ENABLED -> Hooks.enable(flag(value));
            case DEPTH -> in.deep(value.equals("deep"));
            case LIMITER -> in.budgets(number(value, 100_000), -1);
            case STACKS -> in.budgets(-1, number(value, 1_000));
            case SNAPSHOTS -> in.ticker().snapshots(flag(value));
            case MEMORY_ONLY -> in.sinks().memoryOnly(flag(value));
            case KEEP -> keep = flag(value);
        }
        return PayloadWriter.EMPTY;
    }

    private static boolean flag(String value) throws Refusal {
        if (!value.equals("true") && !value.equals("false")) {
            throw new Refusal("expected true or false, got '" + value + "'");
        }
        return value.equals("true");
    }

    private static int number(String value, int most) throws Refusal {
        try {
            int number = Integer.parseInt(value);
            if (number >= 0 && number <= most) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            // reported below
        }
        throw new Refusal("expected 0 to " + most + ", got '" + value + "'");
    }
}
