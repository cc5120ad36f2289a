// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import io.lockjam.model.Fact;
import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Builds the {@link ThreadWindow}s, the {@link Lanes} and the {@link States} of a range. */
final class ThreadRows {
    private final Memory memory;
    private final Range range;

    ThreadRows(Memory memory, Range range) {
        this.memory = memory;
        this.range = range;
    }

    List<ThreadWindow> threads(WaitForGraph graph) {
        Map<Long, ThreadSum> sums = new ThreadAccounts(memory, range).build();
        Map<Long, Stack> stacks = stacks(sums);
        Map<Long, WaitForGraph.Edge> edges = new HashMap<>();
        graph.edges().forEach(edge -> edges.put(edge.waiter().id(), edge));
        List<ThreadWindow> rows = new ArrayList<>();
        for (ThreadTable.Entry entry : memory.threads.entries().values()) {
            ThreadSum sum = sums.get(entry.ref.id());
            if (sum != null && !memory.threads.isObserver(entry.ref)) {
                Stack stack = stacks.getOrDefault(entry.ref.id(), Stack.EMPTY);
                rows.add(row(entry, sum, edges.get(entry.ref.id()), stack));
            }
        }
        rows.sort(Comparator.comparing(ThreadWindow::blockedShare)
                .thenComparing(ThreadWindow::cpuShare)
                .reversed());
        return rows;
    }

    private static ThreadWindow row(
            ThreadTable.Entry entry, ThreadSum sum, WaitForGraph.@Nullable Edge edge, Stack stack) {
        Account account = sum.account();
        boolean os = sum.scheduled();
        return new ThreadWindow(
                entry.ref,
                entry.ref.group(),
                entry.ended == null ? sum.last : ' ',
                entry.started,
                entry.ended,
                Duration.ofSeconds(sum.seconds),
                account,
                account.share(Account.Part.ON_CORE),
                sum.voluntaryPerSecond(),
                sum.involuntaryPerSecond(),
                os ? account.share(Account.Part.RUN_QUEUE) : Double.NaN,
                edge,
                stack,
                entry.createdAt);
    }

    /** The last stack seen of each thread in the state that it is in now; if there is none, the last of all. */
    private Map<Long, Stack> stacks(Map<Long, ThreadSum> sums) {
        Map<Long, Stack> any = new HashMap<>();
        Map<Long, Stack> agreeing = new HashMap<>();
        IdentityHashMap<Stack, Optional<Account.Part>> parts =
                new IdentityHashMap<>(); // interned: few, and each is read line by line
        stacks((thread, stack) -> {
            ThreadSum sum = sums.get(thread);
            Optional<Account.Part> part = parts.computeIfAbsent(stack, ThreadRows::part);
            any.put(thread, stack);
            if (sum != null && Parts.agrees(sum.last, part.orElse(null))) {
                agreeing.put(thread, stack);
            }
        });
        any.putAll(agreeing);
        return any;
    }

    private static Optional<Account.Part> part(Stack stack) {
        return Optional.ofNullable(Parts.of(StackReading.doing(stack, "")));
    }

    /** Tells each stack that was seen, the latest last. */
    private void stacks(BiConsumer<Long, Stack> seen) {
        for (Second second : memory.in(range)) {
            second.samples().forEach(sample -> seen.accept(sample.thread.id(), sample.stack));
            second.blocking.forEach(each -> seen.accept(each.thread().id(), each.stack()));
            second.waits.forEach(each -> seen.accept(each.fact.waiter().id(), each.fact.stack()));
            for (Fact fact : second.few) {
                if (fact instanceof Fact.StackSeen stack) {
                    seen.accept(stack.thread().id(), stack.stack());
                }
            }
        }
    }

    Lanes lanes() {
        long first = range.from().getEpochSecond();
        int length = QueueRows.seconds(range);
        Letters letters = new Letters(memory);
        Spans spans = new Spans(memory, range);
        letters.start(first);
        Map<Long, char[]> rows = new HashMap<>();
        for (int i = 0; i < length; i++) {
            Map<Long, Character> now = letters.at(first + i, memory.second(first + i), spans.locked(first + i));
            for (Map.Entry<Long, Character> each : now.entrySet()) {
                rows.computeIfAbsent(each.getKey(), id -> " ".repeat(length).toCharArray())[i] = each.getValue();
            }
        }
        List<Lanes.Lane> lanes = new ArrayList<>();
        for (Map.Entry<Long, char[]> each : rows.entrySet()) {
            ThreadTable.Entry entry = memory.threads.byId(each.getKey());
            if (entry != null && !memory.threads.isObserver(entry.ref)) {
                erase(each.getValue(), entry, first);
                ThreadRef ref = entry.ref;
                lanes.add(new Lanes.Lane(entry.slot, ref, ref.group(), new String(each.getValue())));
            }
        }
        lanes.sort(Comparator.comparing(Lanes.Lane::slot));
        return new Lanes(Instant.ofEpochSecond(first), length, lanes, new ObserverRows(memory, range).lanes());
    }

    /** The last snapshot is held on to for some seconds; a thread that ended meanwhile is gone. */
    private static void erase(char[] letters, ThreadTable.Entry entry, long first) {
        Instant ended = entry.ended;
        if (ended != null) {
            for (long i = Math.max(0, ended.getEpochSecond() + 1 - first); i < letters.length; i++) {
                letters[(int) i] = ' ';
            }
        }
    }

    List<States> states() {
        Lanes lanes = lanes();
        List<States> all = new ArrayList<>();
        long virtual = -1;
        for (int i = 0; i < lanes.seconds(); i++) {
            long epochSecond = lanes.from().getEpochSecond() + i;
            int[] counts = new int[128];
            for (Lanes.Lane lane : lanes.rows()) {
                char letter = lane.states().charAt(i);
                counts[Parts.mostly(letter)]++;
            }
            Second second = memory.second(epochSecond);
            if (second != null && !second.states.isEmpty()) {
                virtual = second.states.get(0).virtualThreads;
            }
            all.add(new States(
                    epochSecond,
                    counts['R'],
                    counts['N'],
                    counts['I'],
                    counts['W'],
                    counts['S'],
                    counts['L'],
                    counts['B'],
                    counts['D'],
                    virtual));
        }
        return all;
    }
}
