// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import io.lockjam.window.Account;
import io.lockjam.window.Session;
import io.lockjam.window.ThreadWindow;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds programs that want more cores than they have.
 *
 * <p>One thread and more is always runnable without a core, and of the time threads wanted to run a third was spent waiting. The program must
 * use at least 60 % of its cores itself, or have twice as many threads as cores that are runnable half of the time and never wait
 * for anything else; else other programs take the cores and no change here helps. Throttling by the cgroup's quota
 * for a twentieth of the time is a finding of its own words.
 */
record CpuOversubscribedRule(double minWaiting, double minShare, double minUsed, double minThrottled)
        implements Rule<Situation> {
    static final CpuOversubscribedRule DEFAULT = new CpuOversubscribedRule(1.0, 0.33, 0.6, 0.05);

    private static final double HUNGRY_SHARE = 0.5;
    private static final double HUNGRY_PER_CORE = 2;
    private static final double WORTH_TELLING = 0.1;
    /** A thread that sleeps or waits in between does a given amount of work and is late because of others. */
    private static final double MOST_ELSEWHERE = 0.05;

    @Override
    public Kind kind() {
        return Kind.CPU_OVERSUBSCRIBED;
    }

    @Override
    public Verdict check(Situation part, Situation all) {
        double ran = all.coresUsed();
        double waited = all.threads().stream()
                        .mapToLong(thread -> thread.account().nanos(Account.Part.RUN_QUEUE))
                        .sum()
                / 1e9
                / all.seconds();
        double throttled = all.session().throttledShare(all.range());
        if (all.threads().stream().allMatch(thread -> Double.isNaN(thread.runQueueWaitShare()))) {
            return notYet("run-queue waits: the operating system's figures are missing");
        }
        boolean ours = all.cores() <= 0 || ran >= minUsed * all.cores() || hungry(all) >= HUNGRY_PER_CORE * all.cores();
        boolean many = waited >= minWaiting && waited >= minShare * (ran + waited) && ours;
        if (!many && throttled < minThrottled) {
            return Verdict.CLEAR;
        }
        return new Verdict.Found(finding(ran, waited, throttled, all));
    }

    /** Threads that were runnable most of the time; seconds that the operating system's figures lack count as not. */
    private static long hungry(Situation all) {
        return all.threads().stream()
                .filter(thread -> {
                    Account account = thread.account();
                    long wants = account.nanos(Account.Part.ON_CORE) + account.nanos(Account.Part.RUN_QUEUE);
                    long elsewhere = account.total() - wants - account.nanos(Account.Part.UNKNOWN);
                    return thread.ended() == null
                            && wants > 0
                            && wants >= HUNGRY_SHARE * account.total()
                            && elsewhere <= MOST_ELSEWHERE * wants;
                })
                .count();
    }

    private Finding finding(double ran, double waited, double throttled, Situation all) {
        List<ThreadWindow> worst = all.threads().stream()
                .filter(thread -> thread.account().nanos(Account.Part.RUN_QUEUE) > 0)
                .sorted(Comparator.comparing(
                                (ThreadWindow thread) -> thread.account().nanos(Account.Part.ON_CORE)
                                        + thread.account().nanos(Account.Part.RUN_QUEUE))
                        .reversed())
                .toList();
        Map<String, Double> groups = new LinkedHashMap<>();
        for (ThreadWindow thread : worst) {
            long nanos = thread.account().nanos(Account.Part.ON_CORE)
                    + thread.account().nanos(Account.Part.RUN_QUEUE);
            groups.merge(thread.group(), nanos / 1e9 / all.seconds(), Double::sum);
        }
        String group = groups.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElse("threads");
        long size =
                worst.stream().filter(thread -> thread.group().equals(group)).count();
        double involuntary = worst.stream()
                .mapToDouble(ThreadWindow::involuntarySwitchesPerSecond)
                .filter(each -> each > 0)
                .sum();
        String cores = all.cores() > 0 ? Words.number(all.cores()) + " cores" : "its cores";
        Stack stack = hottest(group, all);
        String at = stack.site().map(frame -> " at " + Words.place(frame)).orElse("");
        boolean quota = throttled >= minThrottled;
        int enough = (int) Math.max(1, Math.floor(all.cores() > 0 ? all.cores() : ran));
        String name = all.groupName(group);
        Text text = new Text(
                quota
                        ? "The cgroup's quota stops the program %s of the time; %s threads of %s want to run."
                                .formatted(Words.percent(throttled), size, name)
                        : "%s threads are runnable without a core all the time; most are %s (%d threads)."
                                .formatted(Words.number(waited), name, size),
                "The program uses " + Words.number(ran) + " of " + cores + (at.isEmpty() ? "" : ", most" + at) + "; "
                        + Words.number(involuntary) + " times a second a running thread is put off its core."
                        + others(all),
                Words.number(waited) + " thread-seconds of waiting for a core in each second.",
                "Run at most " + Words.count(enough, "thread") + " of " + name + " at once" + at
                        + (quota ? ", or raise the CPU quota." : ", or give the program more cores."),
                "The same work gets done; other threads get a core at once instead of after " + Words.number(waited)
                        + " others.",
                "Exact: run-queue waits are the kernel's own (schedstat).",
                "At least %s threads waiting for a core and %s of the wanted time, or throttled %s; here %s, %s and %s."
                        .formatted(
                                Words.number(minWaiting),
                                Words.percent(minShare),
                                Words.percent(minThrottled),
                                Words.number(waited),
                                Words.percent(waited / Math.max(1e-9, ran + waited)),
                                Words.percent(throttled)));
        Map<String, Object> evidence = new LinkedHashMap<>();
        evidence.put("coresUsed", ran);
        evidence.put("runQueue", waited);
        evidence.put("throttledShare", throttled);
        evidence.put("coresUsedByOthers", all.session().otherCores(all.range()));
        evidence.put("involuntarySwitchesPerSecond", involuntary);
        List<Place> where = stack.site()
                .map((Frame frame) -> List.of(new Place("task", frame, stack)))
                .orElse(List.of());
        return new Finding.CpuOversubscribed(new Details(
                group + (quota ? "|quota" : ""),
                all.range(),
                new Subject("thread", "java.lang.Thread", group, "0", ""),
                text,
                new Impact(waited, (int) size),
                where,
                worst.stream().map(thread -> thread.thread().label()).limit(50).toList(),
                evidence,
                List.of()));
    }

    /** Said where it matters: a change here gives back only what this program takes. */
    private static String others(Situation all) {
        double others = all.session().otherCores(all.range());
        return others < WORTH_TELLING * Math.max(1, all.cores())
                ? ""
                : " Other programs use " + Words.number(others) + " cores meanwhile.";
    }

    private static Stack hottest(String group, Situation all) {
        return all.samples().stream()
                .filter(sample -> sample.thread().group().equals(group))
                .max(Comparator.comparing(Session.Samples::count))
                .map(Session.Samples::stack)
                .orElse(Stack.EMPTY);
    }
}
