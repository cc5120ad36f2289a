// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

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
        List<ThreadWindow> hungriest = all.threads().stream()
                .filter(thread -> thread.account().nanos(Account.Part.RUN_QUEUE) > 0)
                .sorted(Comparator.comparing(CpuOversubscribedRule::wanted).reversed())
                .toList();
        Map<String, Double> groups = new LinkedHashMap<>();
        hungriest.forEach(thread -> groups.merge(thread.group(), wanted(thread) / 1e9 / all.seconds(), Double::sum));
        String group = groups.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElse("threads");
        int size = (int) hungriest.stream()
                .filter(thread -> thread.group().equals(group))
                .count();
        double involuntary = hungriest.stream()
                .mapToDouble(ThreadWindow::involuntarySwitchesPerSecond)
                .filter(each -> each > 0)
                .sum();
        Stack stack = hottest(group, all);
        Crowd crowd = new Crowd(ran, waited, throttled, all.groupName(group), size, involuntary, stack);
        return new Finding.CpuOversubscribed(new Details(
                group + (throttled >= minThrottled ? "|quota" : ""),
                all.range(),
                new Subject("thread", "java.lang.Thread", group, "0", ""),
                text(crowd, all),
                new Impact(waited, size),
                Place.of("task", stack),
                Words.labels(hungriest.stream().map(ThreadWindow::thread)),
                crowd.evidence(all),
                List.of()));
    }

    /** How long it had a core or wanted one, in nanoseconds. */
    private static long wanted(ThreadWindow thread) {
        return thread.account().nanos(Account.Part.ON_CORE) + thread.account().nanos(Account.Part.RUN_QUEUE);
    }

    /**
     * Who wants more cores than there are.
     *
     * @param ran cores used on average
     * @param waited threads that waited for a core on average
     * @param throttled share of the time for which the quota stopped the program, 0 to 1
     * @param name of the group that wants most
     * @param size threads of that group
     * @param involuntary switches a second by which running threads were put off their core
     * @param stack where that group runs most; empty if no sample was taken
     */
    private record Crowd(
            double ran, double waited, double throttled, String name, int size, double involuntary, Stack stack) {
        String at() {
            return stack.site().map(frame -> " at " + Words.place(frame)).orElse("");
        }

        Map<String, Object> evidence(Situation all) {
            Map<String, Object> evidence = new LinkedHashMap<>();
            evidence.put("coresUsed", ran);
            evidence.put("runQueue", waited);
            evidence.put("throttledShare", throttled);
            evidence.put("coresUsedByOthers", all.session().otherCores(all.range()));
            evidence.put("involuntarySwitchesPerSecond", involuntary);
            return evidence;
        }
    }

    private Text text(Crowd crowd, Situation all) {
        String waited = Words.number(crowd.waited());
        String throttled = Words.percent(crowd.throttled());
        String at = crowd.at();
        String cores = all.cores() > 0 ? Words.number(all.cores()) + " cores" : "its cores";
        boolean quota = crowd.throttled() >= minThrottled;
        int enough = (int) Math.max(1, Math.floor(all.cores() > 0 ? all.cores() : crowd.ran()));
        return new Text(
                quota
                        ? "The cgroup's quota stops the program %s of the time; %s threads of %s want to run."
                                .formatted(throttled, crowd.size(), crowd.name())
                        : "%s threads are runnable without a core all the time; most are %s (%d threads)."
                                .formatted(waited, crowd.name(), crowd.size()),
                "The program uses " + Words.number(crowd.ran()) + " of " + cores + (at.isEmpty() ? "" : ", most" + at)
                        + "; " + Words.number(crowd.involuntary())
                        + " times a second a running thread is put off its core." + others(all),
                waited + " thread-seconds of waiting for a core in each second.",
                "Run at most " + Words.count(enough, "thread") + " of " + crowd.name() + " at once" + at
                        + (quota ? ", or raise the CPU quota." : ", or give the program more cores."),
                "The same work gets done; other threads get a core at once instead of after " + waited + " others.",
                "Exact: run-queue waits are the kernel's own (schedstat).",
                "At least %s threads waiting for a core and %s of the wanted time, or throttled %s; here %s, %s and %s."
                        .formatted(
                                Words.number(minWaiting),
                                Words.percent(minShare),
                                Words.percent(minThrottled),
                                waited,
                                Words.percent(crowd.waited() / Math.max(1e-9, crowd.ran() + crowd.waited())),
                                throttled));
    }

    /** Said where it matters: a change here gives back only what this program takes. */
    static String others(Situation all) {
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
