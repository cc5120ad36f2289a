// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Fact;
import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import io.lockjam.window.Range;
import io.lockjam.window.Session;
import io.lockjam.window.ThreadWindow;
import io.lockjam.window.WaitForGraph;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds threads that wait for the end of a program which itself waits for somebody to read what it writes: the pipe between them is full.
 *
 * <p>The kernel tells that the program writes to a pipe that the target has the other end of, and that it has not moved. Who reads slowly lets it move on now and
 * then.
 */
record ChildOutputRule(Duration minAge) implements Rule<Situation> {
    static final ChildOutputRule DEFAULT = new ChildOutputRule(Duration.ofSeconds(5));
    private static final Duration RECENT = Duration.ofSeconds(5);

    @Override
    public Kind kind() {
        return Kind.DEADLOCK;
    }

    @Override
    public Verdict check(Situation part, Situation all) {
        Range recent =
                new Range(all.range().to().minus(RECENT), all.range().to().plusNanos(1));
        Map<Long, Fact.ChildStands> children = new LinkedHashMap<>();
        all.session().children(recent).forEach(each -> children.put(each.child(), each));
        children.values().removeIf(each -> each.soFar().compareTo(minAge) < 0);
        Map<ThreadRef, Stack> waiters = children.isEmpty() ? Map.of() : waiters(all);
        return children.isEmpty() || waiters.isEmpty() || isBeingRead(children.values(), all)
                ? Verdict.CLEAR
                : new Verdict.Found(finding(List.copyOf(children.values()), waiters, all));
    }

    /** Which of several programs a thread waits for is not known. */
    private static Map<ThreadRef, Stack> waiters(Situation all) {
        Map<ThreadRef, Stack> waiters = new LinkedHashMap<>();
        WaitForGraph graph = all.session().graph(all.range().to());
        Map<Long, Stack> stacks = StuckForGood.untimed(graph, all);
        for (WaitForGraph.Edge edge : graph.edges()) {
            Stack stack = stacks.getOrDefault(edge.waiter().id(), Stack.EMPTY);
            if (waitsForProgram(stack)) {
                waiters.put(edge.waiter(), stack);
            }
        }
        return waiters;
    }

    private static boolean waitsForProgram(Stack stack) {
        return stack.frames().stream()
                .anyMatch(
                        frame -> isProcess(frame.className()) && frame.method().equals("waitFor"));
    }

    /** Whether a thread works on what it has read, and will come back for more. */
    private static boolean isBeingRead(Collection<Fact.ChildStands> children, Situation all) {
        Duration longest = children.stream()
                .map(Fact.ChildStands::soFar)
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
        Range standing = new Range(
                all.range().to().minus(longest).minus(StuckForGood.SLACK),
                all.range().to().plusNanos(1));
        return Stream.of(
                        all.session().stacks(standing).stream().map(Fact.StackSeen::stack),
                        all.session().activities(standing).stream().map(Fact.Activity::stack),
                        all.session().samples(standing).stream().map(Session.Samples::stack),
                        all.threads().stream()
                                .filter(thread -> thread.ended() == null)
                                .map(ThreadWindow::stack))
                .flatMap(stacks -> stacks)
                .distinct()
                .anyMatch(
                        stack -> !waitsForProgram(stack) && all.session().code().comesToRead(stack));
    }

    private static boolean isProcess(String className) {
        return className.equals("java.lang.ProcessImpl") || className.equals("java.lang.Process");
    }

    private Finding finding(List<Fact.ChildStands> children, Map<ThreadRef, Stack> waiters, Situation all) {
        Fact.ChildStands child = children.get(0);
        List<String> names = waiters.keySet().stream().map(ThreadRef::label).toList();
        int stand = Math.min(names.size(), children.size());
        Stack stack = waiters.values().iterator().next();
        Optional<Frame> site = stack.site();
        Text text = text(
                children, names, site.map(frame -> " at " + Words.place(frame)).orElse(""));
        List<Place> where = new ArrayList<>();
        site.ifPresent(frame -> where.add(new Place("waiter", frame, stack)));
        Map<String, Object> evidence = new LinkedHashMap<>();
        evidence.put("age", child.soFar().toNanos());
        evidence.put("programs", children.size());
        return new Finding.ChildDeadlock(new Details(
                "child|" + site.map(Words::place).orElse(child.command()),
                all.range(),
                new Subject("thread", "java.lang.Process", child.command(), Long.toString(child.child()), ""),
                text,
                new Impact(stand, stand),
                where,
                names,
                evidence,
                List.of()));
    }

    private Text text(List<Fact.ChildStands> children, List<String> names, String at) {
        Fact.ChildStands child = children.get(0);
        boolean more = names.size() > children.size(); // some of them wait for programs that go on
        boolean one = children.size() == 1;
        int stand = Math.min(names.size(), children.size());
        String program = child.command() + " (process " + child.child() + ")";
        String what = child.stream();
        return new Text(
                "%s%s %s for %s to end%s, %swhich waits until somebody reads its %s (%s so far)."
                        .formatted(
                                more ? (one ? "One" : stand) + " of " : "",
                                Words.list(names),
                                stand == 1 ? "waits" : "wait",
                                one ? "the program " + program : "programs",
                                at,
                                one ? "" : "such as " + program + ", ",
                                what,
                                Words.time(child.soFar())),
                "The pipe to the target is full, and the program has not moved since it was first seen: nobody reads it.",
                Words.count(stand, "thread") + " and " + Words.count(children.size(), "program")
                        + " stand still until the program is ended or somebody reads.",
                "Read the " + what + " before waitFor" + at
                        + ", or send it where it needs no reader: ProcessBuilder.redirectOutput (a file, or Redirect.DISCARD), with redirectErrorStream(true) for both.",
                "The program goes on and ends, and waitFor returns.",
                "From the kernel: the call in which the program stands, its pipe, and that it was not switched meanwhile.",
                "A program that stands for at least %s while a thread waits for one; here %s."
                        .formatted(Words.time(minAge), Words.time(child.soFar())));
    }
}
