// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Fact;
import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import io.lockjam.window.Account;
import io.lockjam.window.PoolWindow;
import io.lockjam.window.Session;
import io.lockjam.window.ThreadWindow;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds virtual threads that could run but have no carrier, because others compute on all of them.
 *
 * <p>As for cores, one is always without, and a third of those that want to run. Nothing puts a virtual thread off its carrier before it
 * waits for something: one that computes for as long as {@code minLong} holds up the others whatever the machine does.
 */
record CarriersBusyRule(double minWaiting, double minShare, double minBusy, Duration minLong)
        implements Rule<Situation> {
    static final CarriersBusyRule DEFAULT = new CarriersBusyRule(1.0, 0.33, 0.9, Duration.ofMillis(200));

    /** Of the carriers' time: else they stand in native calls or wait for a class, which is another finding. */
    private static final double COMPUTES = 0.6;

    private static final double MOST = 0.5;

    @Override
    public Kind kind() {
        return Kind.CPU_OVERSUBSCRIBED;
    }

    @Override
    public Verdict check(Situation part, Situation all) {
        for (PoolWindow pool : all.carriers()) {
            double waiting = pool.queueDepthMean();
            boolean many = waiting >= minWaiting && waiting >= minShare * (pool.busyMean() + waiting);
            if (many && pool.busyMean() >= minBusy * pool.maxSize() && computes(pool, all)) {
                Hogs hogs = hogs(all);
                boolean ours =
                        all.cores() <= 0 || all.coresUsed() >= CpuOversubscribedRule.DEFAULT.minUsed() * all.cores();
                if (hogs.takeMost() || ours) {
                    return new Verdict.Found(finding(pool, hogs, all));
                }
            }
        }
        return Verdict.CLEAR;
    }

    private static boolean computes(PoolWindow pool, Situation all) {
        List<ThreadWindow> carriers = new PoolTrouble(pool, all).workers();
        double wanted = carriers.stream()
                .map(ThreadWindow::account)
                .mapToDouble(account -> account.share(Account.Part.ON_CORE) + account.share(Account.Part.RUN_QUEUE))
                .sum();
        return wanted >= COMPUTES * pool.busyMean();
    }

    /**
     * The virtual threads that compute for long.
     *
     * @param share of all samples of virtual threads, 0 to 1
     * @param longest time on a carrier of one of them
     * @param stack where most of the samples are, of these threads if there are any
     */
    private record Hogs(int threads, double share, Duration longest, Stack stack) {
        boolean takeMost() {
            return share >= MOST;
        }

        /** Where they compute, and what for. */
        String at() {
            Optional<Frame> task = stack.task();
            return stack.site()
                    .map(frame -> " at " + Words.place(frame)
                            + task.filter(outer -> !outer.equals(frame))
                                    .map(outer -> ", for " + Words.place(outer))
                                    .orElse(""))
                    .orElse("");
        }

        String work() {
            return stack.task().map(Words::place).orElse("what computes");
        }
    }

    private Hogs hogs(Situation all) {
        List<Session.Samples> ran = all.samples().stream()
                .filter(each -> each.thread().virtual() && each.kind() == Fact.ActivityKind.RUNNING)
                .toList();
        Map<Long, Long> byThread = new LinkedHashMap<>();
        ran.forEach(each -> byThread.merge(each.thread().id(), each.nanos(), Long::sum));
        double sum = byThread.values().stream().mapToLong(each -> each).sum();
        byThread.values().removeIf(nanos -> nanos < minLong.toNanos());
        long theirs = byThread.values().stream().mapToLong(each -> each).sum();
        long longest = byThread.values().stream().mapToLong(each -> each).max().orElse(0);
        Map<Stack, Long> byStack = new LinkedHashMap<>();
        ran.stream()
                .filter(each ->
                        byThread.isEmpty() || byThread.containsKey(each.thread().id()))
                .forEach(each -> byStack.merge(each.stack(), each.nanos(), Long::sum));
        Stack most = byStack.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElse(Stack.EMPTY);
        return new Hogs(byThread.size(), sum == 0 ? 0 : theirs / sum, Duration.ofNanos(longest), most);
    }

    private Finding finding(PoolWindow pool, Hogs hogs, Situation all) {
        Map<String, Object> evidence = new LinkedHashMap<>();
        evidence.put("carriers", pool.maxSize());
        evidence.put("carriersBusy", pool.busyMean());
        evidence.put("withoutCarrier", pool.queueDepthMean());
        evidence.put("withoutCarrierMost", pool.queueDepthMax());
        evidence.put("computeLong", hogs.threads());
        evidence.put("computeLongShare", hogs.share());
        evidence.put("coresUsedByOthers", all.session().otherCores(all.range()));
        return new Finding.CpuOversubscribed(new Details(
                "virtual" + hogs.at(),
                all.range(),
                new Subject("pool", pool.className(), pool.name(), pool.identity(), pool.id()),
                text(pool, hogs, all),
                new Impact(pool.queueDepthMean(), (int) Math.round(pool.queueDepthMean())),
                Place.of("task", hogs.stack()),
                Words.labels(new PoolTrouble(pool, all).workers().stream().map(ThreadWindow::thread)),
                evidence,
                List.of()));
    }

    private Text text(PoolWindow pool, Hogs hogs, Situation all) {
        String waiting = Words.number(pool.queueDepthMean());
        String carriers = Words.count(pool.maxSize(), "carrier");
        return new Text(
                "%s virtual threads could run but have no carrier: others compute on the %s%s."
                        .formatted(waiting, carriers, hogs.stack().site().isPresent() ? ", most" + hogs.at() : ""),
                why(hogs) + CpuOversubscribedRule.others(all),
                waiting + " thread-seconds of waiting for a carrier in each second, at most "
                        + Words.count(pool.queueDepthMax(), "thread") + " at once.",
                hogs.takeMost()
                        ? "Run %s in a pool of %s of its own, and leave the virtual threads to what waits."
                                .formatted(hogs.work(), Words.count(pool.maxSize(), "platform thread"))
                        : "Let at most %d run %s at once, by a Semaphore, or give the program more cores."
                                .formatted(pool.maxSize(), hogs.work()),
                hogs.takeMost()
                        ? "The operating system shares the cores out between threads of its own; the others get a carrier at once."
                        : "The same work gets done; what only waits gets a carrier sooner.",
                "Carriers and queue are looked at each second; where they compute is sampled.",
                "At least %s without a carrier, %s of those that want one, carriers busy %s of the time; here %s, %s and %s."
                        .formatted(
                                Words.count(Math.round(minWaiting), "virtual thread"),
                                Words.percent(minShare),
                                Words.percent(minBusy),
                                waiting,
                                Words.percent(pool.queueDepthMean() / (pool.queueDepthMean() + pool.busyMean())),
                                Words.percent(Math.min(1, pool.busyMean() / pool.maxSize()))));
    }

    private String why(Hogs hogs) {
        return hogs.takeMost()
                ? "Nothing puts a virtual thread off its carrier while it computes: %s %s for %s and more, %s at the longest, and %s %s of the carriers' time."
                        .formatted(
                                Words.count(hogs.threads(), "thread"),
                                hogs.threads() == 1 ? "does so" : "do so",
                                Words.time(minLong),
                                Words.time(hogs.longest()),
                                hogs.threads() == 1 ? "takes" : "take",
                                Words.percent(hogs.share()))
                : "The carriers are busy all the time with many short tasks.";
    }
}
