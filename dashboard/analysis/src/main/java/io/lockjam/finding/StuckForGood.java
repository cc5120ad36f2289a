// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Fact;
import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import io.lockjam.model.WaitKind;
import io.lockjam.window.JvmThreads;
import io.lockjam.window.ThreadWindow;
import io.lockjam.window.WaitForGraph;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Tells whether a wait for a signal is lost, of threads that were stuck before anybody looked: from what all others do now, and from the code.
 *
 * <ul>
 *   <li>Both sides asleep: threads wait at one object in two or more methods of one class, each of which wakes one waiter when it has been
 *       through. Each side owes the other a signal and neither can give it: notify woke the wrong one. A buffer is never full and
 *       empty at once.
 *   <li>Nobody left: every thread of the program waits without a limit, none for work from outside or for a time, and somebody waits for
 *       this one, or it waits for a result inside a task.
 *   <li>Tasks ended: the wait is for a latch or a future that only tasks of the waiting method can give, and all of these are over.
 *   <li>Nobody comes: see {@link NobodyComes}.
 *   <li>Task dropped, or never run: see {@link DroppedTask}.
 *   <li>Waits once: by the code of its stack the thread waits outside any loop, so it neither looked nor will look again. No thread is on its way to
 *       a signal by the code, or the signal is overdue: what is waited for may take long. A worker that idles has
 *       a loop around it. The main thread waits like this to keep the program alive, so it does not count unless somebody waits for it.
 * </ul>
 *
 * @param stuck that wait for a signal
 * @param lasting these and all others without a limit and an owner: for counts, results, at barriers and full queues
 * @param overdue those of {@code stuck} that have waited far longer than others at the place did
 * @param stacks of stuck threads, taken while they wait without a limit, by thread id
 */
record StuckForGood(
        List<WaitForGraph.Edge> stuck,
        List<WaitForGraph.Edge> lasting,
        List<WaitForGraph.Edge> overdue,
        Map<Long, Stack> stacks,
        WaitForGraph graph,
        Situation all) {
    /** A snapshot tells a wait's length to a second. */
    static final Duration SLACK = Duration.ofSeconds(1);

    private static final String TIMERS = "DelayedWorkQueue";
    private static final String FORK_JOIN = "java.util.concurrent.ForkJoinPool";
    private static final Pattern TASK = Pattern.compile("doExec|exec|runWorker|topLevelExec|run");

    /**
     * @param signal what became of the signal, to follow "waits for a signal on X"
     * @param edges the threads it holds for
     * @param change what to change, with "%s" for the place; empty for what follows from the kind of wait
     */
    record Proof(String signal, String why, List<WaitForGraph.Edge> edges, String change) {
        Proof(String signal, String why, List<WaitForGraph.Edge> edges) {
            this(signal, why, edges, "");
        }
    }

    static StuckForGood of(
            List<WaitForGraph.Edge> stuck,
            List<WaitForGraph.Edge> lasting,
            List<WaitForGraph.Edge> overdue,
            WaitForGraph graph,
            Situation all) {
        return new StuckForGood(stuck, lasting, overdue, untimed(graph, all), graph, all);
    }

    /** Stacks of threads that were taken in the waits of a snapshot which have no limit, by thread id. */
    static Map<Long, Stack> untimed(WaitForGraph graph, Situation all) {
        Map<Long, Stack> stacks = new HashMap<>();
        for (Fact.StackSeen seen : all.session().stacks(all.session().kept())) {
            Optional<WaitForGraph.Edge> edge = graph.of(seen.thread().id());
            boolean ofThisWait = edge.isPresent()
                    && !seen.at().isBefore(graph.at().minus(edge.get().soFar()).minus(SLACK));
            if (ofThisWait && seen.state().equals("WAITING")) {
                stacks.put(seen.thread().id(), seen.stack());
            } else {
                stacks.remove(seen.thread().id());
            }
        }
        return stacks;
    }

    /** One for each thing that is waited for; what holds for the whole program needs no other. */
    List<Proof> proofs() {
        List<Proof> found = new ArrayList<>(bothSidesAsleep());
        found.addAll(new DroppedTask(graph, all).of(lasting, stacks));
        Optional<Proof> whole = nobodyLeft();
        if (whole.isPresent()) {
            found.add(whole.get());
            return found;
        }
        found.addAll(tasksEnded());
        List<Proof> once = waitsOnce();
        found.addAll(once);
        found.addAll(new NobodyComes(graph, all)
                .of(
                        lasting.stream()
                                .filter(edge -> once.stream()
                                        .noneMatch(proof -> proof.edges().contains(edge)))
                                .toList(),
                        stacks));
        return found;
    }

    private static Collection<List<WaitForGraph.Edge>> byLock(List<WaitForGraph.Edge> edges) {
        return edges.stream()
                .collect(Collectors.groupingBy(WaitForGraph.Edge::lock, LinkedHashMap::new, Collectors.toList()))
                .values();
    }

    private List<Proof> bothSidesAsleep() {
        List<Proof> found = new ArrayList<>();
        for (List<WaitForGraph.Edge> here : byLock(stuck)) {
            List<Frame> sites = here.stream()
                    .flatMap(edge -> stack(edge).site().stream())
                    .distinct()
                    .toList();
            Set<String> methods = sites.stream().map(Frame::method).collect(Collectors.toSet());
            boolean oneClass = sites.stream().map(Frame::className).distinct().count() == 1;
            if (oneClass && methods.size() >= 2 && sites.stream().allMatch(all.session()::wakesOne)) {
                found.add(new Proof(
                        "that has been given already",
                        "Its waiters stand in "
                                + Words.list(methods.stream().sorted().toList())
                                + ", and each of these wakes one waiter when it is through. All are asleep, so the last signal woke one that could not go on",
                        here));
            }
        }
        return found;
    }

    private Optional<Proof> nobodyLeft() {
        boolean noneQueued = new TasksEnded(graph, all).noneQueued(); // else a pool is starved, and that is told
        List<WaitForGraph.Edge> needed = lasting.stream()
                .filter(edge ->
                        (edge.kind() != WaitKind.FUTURE || noneQueued) && (isNeeded(edge) || isForResultInTask(edge)))
                .toList();
        if (needed.isEmpty() || !all.threads().stream().allMatch(this::cannotAct)) {
            return Optional.empty();
        }
        return Optional.of(new Proof(
                "that nobody is left to give",
                "Every thread of the program waits without a limit, for a signal, a lock, a result or another thread; none is in I/O, asleep or at work",
                lasting.stream()
                        .filter(edge ->
                                needed.stream().anyMatch(other -> other.lock().equals(edge.lock())))
                        .toList()));
    }

    private List<Proof> tasksEnded() {
        TasksEnded tasks = new TasksEnded(graph, all);
        List<WaitForGraph.Edge> vain =
                lasting.stream().filter(edge -> tasks.of(edge, stack(edge))).toList();
        return byLock(vain).stream()
                .map(here -> new Proof(
                        "that does not come",
                        "By the code only the tasks that "
                                + Words.place(stack(here.get(0)).site().orElse(null))
                                + " hands in can give it; none of them runs or is queued, so one has ended without doing so",
                        here))
                .toList();
    }

    private List<Proof> waitsOnce() {
        List<WaitForGraph.Edge> once = stuck.stream()
                .filter(edge -> all.session().waitsOnce(stack(edge)))
                .filter(edge -> !isMain(stack(edge)) || isNeeded(edge))
                .filter(edge -> overdue.contains(edge) || nobodyComesToSignal(edge))
                .toList();
        Map<String, List<WaitForGraph.Edge>> byPlace = once.stream()
                .collect(Collectors.groupingBy(WaitForGraph.Edge::lockId, LinkedHashMap::new, Collectors.toList()));
        return byPlace.values().stream()
                .map(here -> new Proof(
                        "that does not come",
                        here.size() == 1
                                ? "By the code of its stack it waits outside any loop: it does not look whether the signal was given before, and nothing has woken it"
                                : "By the code of their stacks they wait outside any loop: they do not look whether the signal was given before, and nothing has woken them",
                        here))
                .toList();
    }

    private boolean nobodyComesToSignal(WaitForGraph.Edge edge) {
        NobodyComes comes = new NobodyComes(graph, all);
        return all.threads().stream()
                .filter(thread -> thread.ended() == null
                        && thread.thread().id() != edge.waiter().id())
                .noneMatch(thread -> comes.isOn(thread.stack(), Set.of(), edge));
    }

    /** Whether a thread waits for another without a limit, so that it will do nothing by itself. */
    private boolean cannotAct(ThreadWindow thread) {
        if (thread.ended() != null || isOfTheJvm(thread)) {
            return true;
        }
        Optional<WaitForGraph.Edge> edge = graph.of(thread.thread().id());
        return edge.isPresent()
                && (edge.get().idle()
                        ? (edge.get().kind().isQueue()
                                        || edge.get().lock().className().equals(FORK_JOIN))
                                && !edge.get().lock().className().contains(TIMERS)
                        : stacks.containsKey(thread.thread().id()) || edge.get().kind() == WaitKind.MONITOR);
    }

    static boolean isOfTheJvm(ThreadWindow thread) {
        String name = thread.thread().label();
        return JvmThreads.contain(name);
    }

    /** A task is to end; a thread of its own may wait for a result as long as the program runs. */
    private boolean isForResultInTask(WaitForGraph.Edge edge) {
        return edge.kind() == WaitKind.FUTURE
                && stack(edge).frames().stream()
                        .anyMatch(frame -> frame.className().startsWith("java.util.concurrent.")
                                && TASK.matcher(frame.method()).matches())
                && !NobodyComes.hasVirtual(all);
    }

    private boolean isNeeded(WaitForGraph.Edge edge) {
        return graph.edges().stream()
                .map(WaitForGraph.Edge::owner)
                .anyMatch(owner -> owner != null && owner.id() == edge.waiter().id());
    }

    static boolean isMain(Stack stack) {
        List<Frame> frames = stack.frames();
        return frames.isEmpty() || frames.get(frames.size() - 1).method().equals("main");
    }

    private Stack stack(WaitForGraph.Edge edge) {
        return stacks.getOrDefault(edge.waiter().id(), Stack.EMPTY);
    }
}
