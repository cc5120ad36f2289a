// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Fact;
import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A pool stands if all its threads are in calls to a server that does not answer. */
class PoolStandsRuleTest {
    private static final Stack READS =
            Story.stack("sun.nio.ch.NioSocketImpl.park", "java.net.Socket$SocketInputStream.read", "com.acme.Shop.ask");

    private final Map<String, Number> figures =
            new HashMap<>(Map.of("size", 2, "busy", 2, "depth", 6, "arrivals", 0, "timed", 0));
    private Stack first = READS;
    private Stack second = READS;
    private int switches;
    private List<String> others = List.of();

    private Findings checked() {
        Story story = new Story();
        List<ThreadRef> workers = List.of(Story.thread("worker-1"), Story.thread("worker-2"));
        for (int i = 0; i < 10; i++) {
            story.pool(i + 0.5, figures);
            Map<String, Character> states = new HashMap<>(Map.of("worker-1", 'I', "worker-2", 'I'));
            others.forEach(other -> states.put(other, 'W'));
            story.states(i + 0.5, states);
            story.seen(i + 0.6, "worker-1", "stands", "RUNNABLE", first);
            story.seen(i + 0.6, "worker-2", "stands", "RUNNABLE", second);
            List<Fact.OsThread> os = workers.stream()
                    .map(worker -> new Fact.OsThread(worker.osId(), 0, 0, switches, 0))
                    .toList();
            story.tell(new Fact.OsUsage(Story.at(i + 1), Duration.ofSeconds(1), os, -1, -1));
        }
        return story.check(0, 10);
    }

    @Test
    void allThreadsInReadsThatDoNotEndAreTold() {
        Finding found = checked().found().get(0);

        assertThat(found.kind()).isEqualTo(Kind.POOL_STARVATION);
        assertThat(found.text().what())
                .startsWith(
                        "All 2 threads of worker-# stand in a call that does not end while 6 tasks are queued: a task"
                                + " reads a socket at Shop.ask");
        assertThat(found.text().change()).startsWith("Give the call at Shop.ask");
        assertThat(found.impact().threads()).isEqualTo(2);
    }

    /** As in Jetty: the acceptor has a name of its own, and the pool counts it as busy. */
    @Test
    void threadsThatServeThePoolItselfDoNotHelp() {
        others = List.of("worker-3-acceptor-0");
        figures.putAll(Map.of("size", 3, "busy", 3));
        Finding found = checked().found().get(0);

        assertThat(found.text().what())
                .startsWith(
                        "2 of the 3 threads of worker-# stand in a call that does not end while 6 tasks are queued");
        assertThat(found.impact().threads()).isEqualTo(2);
    }

    @Test
    void aThreadThatThePoolKnowsToBeFreeMayTakeATask() {
        others = List.of("worker-3");
        figures.putAll(Map.of("size", 3, "busy", 2));
        assertThat(checked().found()).isEmpty();
    }

    @Test
    void mostThreadsHaveToStand() {
        others = List.of("worker-3", "worker-4", "worker-5-acceptor-0");
        figures.putAll(Map.of("size", 5, "busy", 5));
        assertThat(checked().found()).isEmpty();
    }

    @Test
    void theLineIsThatOfAThreadWhoseCallersAreKnown() {
        first = Story.stack("sun.nio.ch.SocketDispatcher.read0");
        assertThat(checked().found().get(0).text().change()).startsWith("Give the call at Shop.ask");
        second = first;
        assertThat(checked().found().get(0).text().change()).startsWith("Give the call a time-out");
    }

    @Test
    void aPoolWhoseTasksEndDoesNotStand() {
        figures.put("completions", 1);
        assertThat(checked().found()).isEmpty();
    }

    @Test
    void aPoolThatNobodyWaitsForDoesNotStand() {
        figures.put("depth", 0);
        assertThat(checked().found()).isEmpty();
    }

    /** A thread that serves a connection stands in the same read between two requests. */
    @Test
    void whoIsSwitchedHasReadSomething() {
        switches = 1;
        assertThat(checked().found()).isEmpty();
    }

    @Test
    void oneThreadThatReadsAFileMayGoOn() {
        second = Story.stack("java.io.FileInputStream.readBytes", "com.acme.Shop.load");
        assertThat(checked().found()).isEmpty();
    }
}
