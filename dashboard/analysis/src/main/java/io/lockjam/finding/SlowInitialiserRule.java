// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Fact;
import io.lockjam.model.Frame;
import io.lockjam.model.LockRef;
import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import io.lockjam.model.WaitKind;
import io.lockjam.window.Doing;
import io.lockjam.window.Holder;
import io.lockjam.window.Range;
import io.lockjam.window.Session;
import io.lockjam.window.ThreadWindow;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Finds threads that wait until another one has initialised a class.
 *
 * <p>The JVM calls them runnable and tells of no wait before it has ended. A thread that uses no CPU, stands at a line that by its code uses a class
 * for the first time, while another is in the static initialiser of that class, waits for it.
 */
record SlowInitialiserRule(Duration minAge) implements Rule<Situation> {
    static final SlowInitialiserRule DEFAULT = new SlowInitialiserRule(Duration.ofSeconds(2));

    /** The agent looks three times before it says that a thread stands. */
    private static final Duration UNTOLD = Duration.ofSeconds(2);

    private static final Duration RECENT = Duration.ofSeconds(4);
    private static final LockRef CLASS = new LockRef("java.lang.Class", LockRef.UNKNOWN_IDENTITY);
    private static final String INITIALISER = "<clinit>";

    @Override
    public Kind kind() {
        return Kind.LOCK_CONTENTION;
    }

    @Override
    public Verdict check(Situation part, Situation all) {
        Map<ThreadRef, Stack> standing = new LinkedHashMap<>();
        Map<ThreadRef, Instant> since = new LinkedHashMap<>();
        for (Fact.StackSeen each : all.session().stacks(all.range())) {
            if (each.reason().equals("stands")) {
                since.putIfAbsent(each.thread(), each.at());
                standing.put(each.thread(), each.stack());
                if (each.at().isBefore(all.range().to().minus(RECENT))) {
                    standing.remove(each.thread());
                }
            }
        }
        if (standing.isEmpty()) {
            return Verdict.CLEAR;
        }
        List<Finding> found = new ArrayList<>();
        for (Map.Entry<ThreadRef, Stack> initialiser : initialisers(all).entrySet()) {
            Frame frame = initialiser.getValue().frames().stream()
                    .filter(each -> each.method().equals(INITIALISER))
                    .reduce((inner, outer) -> outer)
                    .orElseThrow();
            Map<ThreadRef, Stack> waiters = standing.entrySet().stream()
                    .filter(each -> !each.getKey().equals(initialiser.getKey()) && uses(each.getValue(), frame, all))
                    .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (a, b) -> a, LinkedHashMap::new));
            if (!waiters.isEmpty()) {
                Duration age = waiters.keySet().stream()
                        .flatMap(waiter -> Optional.ofNullable(since.get(waiter)).stream())
                        .map(at -> Duration.between(at, all.range().to()).plus(UNTOLD))
                        .max(Duration::compareTo)
                        .orElse(UNTOLD);
                found.add(finding(initialiser, frame, waiters, age, all));
            }
        }
        return Verdict.of(found);
    }

    /** Threads that are in a static initialiser, with the last stack seen of each. */
    private static Map<ThreadRef, Stack> initialisers(Situation all) {
        Map<ThreadRef, Stack> last = new LinkedHashMap<>();
        for (ThreadWindow thread : all.threads()) {
            if (thread.ended() == null) {
                last.put(thread.thread(), thread.stack());
            }
        }
        Range recent =
                new Range(all.range().to().minus(RECENT), all.range().to().plusNanos(1));
        for (Session.Samples each : all.session().samples(recent)) {
            last.computeIfPresent(each.thread(), (thread, stack) -> isInitialiser(each.stack()) ? each.stack() : stack);
        }
        last.values().removeIf(stack -> !isInitialiser(stack));
        return last;
    }

    private static boolean isInitialiser(Stack stack) {
        return stack.frames().stream().anyMatch(frame -> frame.method().equals(INITIALISER));
    }

    private static boolean uses(Stack waiter, Frame initialiser, Situation all) {
        return all.session()
                .code()
                .name(WaitKind.CLASS_INIT, CLASS, waiter)
                .filter(name -> List.of(name.split(" or ")).contains("class " + initialiser.className()))
                .isPresent();
    }

    private Finding finding(
            Map.Entry<ThreadRef, Stack> found,
            Frame frame,
            Map<ThreadRef, Stack> waiters,
            Duration age,
            Situation all) {
        ThreadRef initialiser = found.getKey();
        String type = Words.simple(frame.className());
        List<String> names = waiters.keySet().stream().map(ThreadRef::label).toList();
        boolean one = names.size() == 1;
        Holder holder = all.session().doing(initialiser, all.range().to());
        String at = holder.site().map(site -> " at " + Words.place(site)).orElse("");
        String does = holder.doing() == Doing.UNKNOWN
                ? " It was last seen at " + Words.place(found.getValue().site().orElse(frame)) + "."
                : " Meanwhile it " + holder.doing().words() + at + ".";
        List<Place> where = new ArrayList<>();
        waiters.values()
                .forEach(stack -> stack.site()
                        .filter(site -> where.size() < 5
                                && where.stream()
                                        .noneMatch(place -> place.frame().equals(site)))
                        .ifPresent(site -> where.add(new Place("waiter", site, stack))));
        String waits = where.isEmpty() ? "" : ", at " + Words.place(where.get(0).frame());
        where.add(new Place("holder", frame, holder.stack()));
        Text text = new Text(
                "%s %s for the class %s to be initialised, which %s does (%s so far)."
                        .formatted(
                                one ? names.get(0) : Words.count(names.size(), "thread"),
                                one ? "waits" : "wait",
                                type,
                                initialiser.label(),
                                Words.time(age)),
                "A class is initialised by the first thread that uses it, here " + initialiser.label() + " in "
                        + Words.place(frame) + ", and all others that use it stand still until then" + waits + "."
                        + does,
                Words.count(names.size(), "thread") + (one ? " stands" : " stand")
                        + " still; thread dumps call them runnable.",
                "Move what takes long out of the static initialiser, " + Words.place(frame)
                        + ": do it in a method that is called before the threads start, or at the first use behind a lock or a future of its own.",
                "The threads go on as soon as the initialiser is through.",
                "From snapshots: the threads use no CPU where by their code they use the class, and the initialiser is on the stack of "
                        + initialiser.label() + ".",
                "A thread that waits at least %s; here %s and %s."
                        .formatted(Words.time(minAge), Words.count(names.size(), "thread"), Words.time(age)));
        Map<String, Object> evidence = new LinkedHashMap<>();
        evidence.put("age", age.toNanos());
        evidence.put("waitingNow", names.size());
        return new Finding.SlowInitialiser(new Details(
                "initialiser|" + frame.className(),
                all.range(),
                new Subject("lock", "java.lang.Class", "class " + frame.className(), "0", ""),
                text,
                new Impact(names.size(), names.size()),
                where,
                names,
                evidence,
                List.of()));
    }
}
