// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Fact;
import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import io.lockjam.model.WaitKind;
import io.lockjam.window.Account;
import io.lockjam.window.Doing;
import io.lockjam.window.Holder;
import io.lockjam.window.LockWindow;
import io.lockjam.window.Session;
import io.lockjam.window.WaitForGraph;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the four rules on locks share: how much is lost, who is in the way, and the parts of the text that do not vary. */
final class LockTrouble {
    private static final int THREADS_NAMED = 50;
    private static final double MIN_PERMITS = 1.5;

    final LockWindow lock;
    final Situation all;

    LockTrouble(LockWindow lock, Situation all) {
        this.lock = lock;
        this.all = all;
    }

    LockCode code() {
        return new LockCode(lock, all);
    }

    /** Thread seconds lost per second to the lock itself: pauses of the JVM that fell into waits are not its fault. */
    double lost() {
        double paused = lock.pausedTotal().toNanos() / 1e9 / all.seconds();
        return Math.max(0, Math.min(lock.lostPerSecond() - paused, Math.max(1, lock.waiters())));
    }

    /** Waits count in full that began before: no thread has lost more than all of the time. */
    String lostTime() {
        Duration waited = lock.waitTotal().plus(lock.waitingTotal()).minus(lock.pausedTotal());
        Duration most = all.range().length().multipliedBy(Math.max(1, lock.waiters()));
        return Words.time(waited.isNegative() ? Duration.ZERO : waited.compareTo(most) < 0 ? waited : most);
    }

    /** Of the threads that wait here, how many do not at a moment: those that have what the others want; at least one. */
    double atWork() {
        return Math.max(1, lock.waiters() - lost());
    }

    /** Whether it is there to let several through, who may block as long as they like; a semaphore is, unless by its code it has one permit. */
    boolean lends() {
        if (lock.kind() == WaitKind.SEMAPHORE) {
            return !code().isMutex() && !(stuck() && lock.releasers().isEmpty());
        }
        return (lock.waiters() == 1 || atWork() >= MIN_PERMITS) && !stuck() && LentOutRule.isPoolsOwn(lock, all);
    }

    /** Whether a method on a stack also releases the semaphore. */
    boolean releases(Stack stack) {
        Set<String> places = all.session().code().places(stack, lock.kind(), lock.name());
        return stack.frames().stream().anyMatch(frame -> places.contains(method(frame)));
    }

    /** Share of the threads that want to get on which stand at this lock, 0 to 1; 1 if not known. */
    double shareOfActive() {
        double active = all.activeThreads();
        return Double.isNaN(active) || active <= 0 ? 1 : Math.min(1, lost() / active);
    }

    /** Measured, or from the rate at which a lock that is never free changes hands. */
    Duration meanHold() {
        if (lock.holds() > 0) {
            return lock.meanHold();
        }
        return lock.contentions() == 0
                ? Duration.ZERO
                : Duration.ofNanos((long) (all.seconds() * 1e9 / lock.contentions()));
    }

    /** CPU time of the threads that share the lock for each of its grants; zero if not known. */
    Duration workPerGrant() {
        Set<Long> users = new HashSet<>();
        Stream.of(lock.waitingThreads(), lock.owners(), lock.releasers())
                .flatMap(List::stream)
                .forEach(part -> users.add(part.thread().id()));
        long nanos = all.threads().stream()
                .filter(thread -> users.contains(thread.thread().id()))
                .mapToLong(thread -> thread.account().nanos(Account.Part.ON_CORE))
                .sum();
        return Duration.ofNanos(nanos / Math.max(1, Math.max(lock.contentions(), lock.holds())));
    }

    /** Methods that take the lock, as class and name. */
    private Set<String> lockingMethods() {
        return lock.sites().stream()
                .flatMap(site -> Optional.ofNullable(site.site()).stream())
                .map(LockTrouble::method)
                .collect(Collectors.toSet());
    }

    /** The line of a method that takes the lock at which the holder was seen; else the holder's own line, or that at which all wait. */
    Optional<Frame> heldAt() {
        Set<String> methods = lockingMethods();
        return worst().flatMap(cell -> cell.holderStack().frames().stream()
                .filter(frame -> methods.contains(method(frame)))
                .findFirst()
                .or(() -> Optional.ofNullable(cell.holder()))
                .or(() -> code().holder().flatMap(thread -> thread.stack().site()))
                .or(() -> Optional.ofNullable(lock.sites().size() > 1 ? null : cell.waiter())));
    }

    /** Share of the program's samples on a core whose stack has a method that takes the lock; NaN if there are too few. */
    double workShare(int minSamples) {
        Set<String> methods = lockingMethods();
        long every = 0;
        long under = 0;
        for (Session.Samples sample : all.samples()) {
            if (sample.kind() == Fact.ActivityKind.RUNNING) {
                boolean inside = sample.stack().frames().stream().anyMatch(frame -> methods.contains(method(frame)));
                every += sample.count();
                under += inside ? sample.count() : 0;
            }
        }
        return every < minSamples ? Double.NaN : (double) under / every;
    }

    private static String method(Frame frame) {
        return frame.className() + "." + frame.method();
    }

    /** The cell of the blame matrix with the most wait; for waits that have not ended, the owner at this moment. */
    Optional<LockWindow.Blame> worst() {
        List<LockWindow.Blame> blame = blame();
        return blame.stream()
                .filter(cell -> cell.doing() != Doing.PAUSED) // what is told of beside it
                .findFirst()
                .or(() -> blame.stream().findFirst());
    }

    List<LockWindow.Blame> blame() {
        if (lock.blame().isEmpty() || lock.waitingTotal().compareTo(lock.waitTotal()) > 0) {
            Optional<LockWindow.Blame> now = now();
            if (now.isPresent()) {
                return Stream.concat(now.stream(), lock.blame().stream()).toList();
            }
        }
        return lock.blame();
    }

    private Optional<LockWindow.Blame> now() {
        WaitForGraph graph = all.session().graph(all.range().to());
        for (WaitForGraph.Edge edge : graph.edges()) {
            ThreadRef owner = edge.owner();
            if (edge.lockId().equals(lock.id()) && owner != null && !edge.idle()) {
                Holder holder = all.session().holding(owner, edge.kind(), edge.lockId(), graph.at());
                Optional<WaitForGraph.Edge> next = graph.of(owner.id()).filter(own -> !own.idle());
                Stack does = holder.stack().isEmpty()
                        ? next.map(own -> DeadlockRule.stackOf(own, all)).orElse(Stack.EMPTY)
                        : holder.stack();
                Doing doing = holder.doing() == Doing.UNKNOWN
                        ? next.map(LockTrouble::waitsFor).orElse(Doing.UNKNOWN)
                        : holder.doing();
                Stack waiter = stackOf(edge.waiter());
                return Optional.of(new LockWindow.Blame(
                        waiter.site().orElse(null),
                        does.site().orElse(null),
                        doing,
                        doing.isWait()
                                ? next.map(WaitForGraph.Edge::lockName).orElse(holder.detail())
                                : holder.detail(),
                        lock.waitingTotal(),
                        lock.waiting(),
                        waiter,
                        does,
                        holder.takenAt()));
            }
        }
        return Optional.empty();
    }

    /** Whether the code that waits for a semaphore gives it back as well: another that only waits is for a signal, and may be idle. */
    boolean isGivenBack() {
        return lock.kind() != WaitKind.SEMAPHORE
                || waitersNow()
                        .map(edge -> DeadlockRule.stackOf(edge, all))
                        .anyMatch(stack ->
                                releases(stack) || all.session().code().mayGiveBack(stack, lock.kind(), lock.name()));
    }

    /** Where a thread stands that by its code has what has no owner, as a sentence; empty if none is seen. */
    Optional<String> heldByCode() {
        return code().holder().map(LockCode.Keeper::sentence);
    }

    Stream<WaitForGraph.Edge> waitersNow() {
        return all.session().graph(all.range().to()).edges().stream()
                .filter(edge -> edge.lockId().equals(lock.id()));
    }

    private static Doing waitsFor(WaitForGraph.Edge edge) {
        if (edge.kind().isQueue()) {
            return Doing.WAITS_FOR_QUEUE;
        }
        return edge.kind().isLock() ? Doing.WAITS_FOR_LOCK : Doing.WAITS_FOR_SIGNAL;
    }

    private Stack stackOf(ThreadRef thread) {
        return all.threads().stream()
                .filter(window -> window.thread().id() == thread.id())
                .map(window -> window.stack())
                .findFirst()
                .orElse(Stack.EMPTY);
    }

    String name() {
        return Words.simple(lock.name());
    }

    /** Without the place that stands for a lock of no name, for sentences that go on to say where. */
    String shortName() {
        return name().replaceFirst(" at .*", "");
    }

    /** The threads that waited, or how many. */
    String waiters() {
        return lock.waiters() == 1
                ? threads().stream().findFirst().orElse("1 thread")
                : Words.count(lock.waiters(), "thread");
    }

    /** Whether what waits now has waited longer than all waits that ended: it is stuck rather than slow. */
    boolean stuck() {
        return lock.waiting() > 0 && lock.waitingTotal().compareTo(lock.waitTotal()) > 0;
    }

    String why() {
        String hold = lock.holds() == 0
                ? ""
                : " It is held " + Words.time(lock.meanHold()) + " at a time, " + Words.time(lock.longestHold())
                        + " at most.";
        return worst().map(cell -> "Meanwhile the holder " + holderDoes(cell) + ".")
                        .orElse("The holder was not seen.")
                + hold
                + (code().isSlowedByFairness()
                        ? " It is fair, so each time that it is given back the next in line has to be woken first."
                        : "")
                + pauseNote();
    }

    static String holderDoes(LockWindow.Blame cell) {
        Frame at = cell.holder();
        if (cell.doing() == Doing.UNKNOWN && at != null) {
            return "was not seen after it took the lock at " + Words.place(at);
        }
        boolean starved = cell.doing() == Doing.WAITS_FOR_CORE;
        String told = cell.detail() != null && cell.doing().isWait() ? Words.simple(cell.detail()) : cell.detail();
        String detail = told == null ? "" : starved ? " " + told : " (" + told + ")";
        return cell.doing().words() + detail + (at == null ? "" : " at " + Words.place(at));
    }

    private String pauseNote() {
        double share = (double) lock.pausedTotal().toNanos()
                / Math.max(1, lock.waitTotal().toNanos());
        String cause = lock.blame().stream()
                .filter(cell -> cell.doing() == Doing.PAUSED && cell.detail() != null)
                .findFirst()
                .map(cell -> " (" + cell.detail() + ")")
                .orElse("");
        return share < 0.05
                ? ""
                : " " + Words.percent(share) + " of the wait was a pause of the whole JVM" + cause + ", not the lock.";
    }

    String cost() {
        String lost = Words.number(lost()) + " thread-seconds are lost in each second: ";
        if (lock.contentions() == 0 && lock.sampled()) {
            return lost + "in how many waits was not seen.";
        }
        if (lock.contentions() == 0) {
            return lost + Words.count(lock.waiting(), "thread") + (lock.waiting() == 1 ? " waits" : " wait")
                    + ", and no wait has ended.";
        }
        String p99 = lock.waitP99().isZero() ? "" : Words.time(lock.waitP99()) + " at the 99th percentile, ";
        return lost
                + "%s, %s on average, %s%s at most."
                        .formatted(
                                Words.count(lock.contentions(), "wait"),
                                Words.time(lock.meanWait()),
                                p99,
                                Words.time(lock.waitMax()));
    }

    String certainty() {
        if (lock.sampled()) {
            return "Sampled: counts and sums are estimates.";
        }
        if (lock.contentions() == 0) {
            return "From snapshots of all threads; no wait has ended yet.";
        }
        boolean ofOthers = !all.session().cost(all.session().kept()).isOurs();
        return (ofOthers ? "Shorter waits than the recording's threshold are missing" : "Counts and sums are exact")
                + "; lines and holders rest on " + Words.count(lock.sampledWaits(), "sampled wait") + ".";
    }

    Subject subject() {
        if (lock.kind().isQueue()) {
            String id = "queue-" + lock.identity(); // as in QueueWindow
            return new Subject("queue", lock.className(), lock.name(), lock.identity(), id);
        }
        boolean monitor = lock.kind() == WaitKind.MONITOR;
        return new Subject(monitor ? "monitor" : "lock", lock.className(), lock.name(), lock.identity(), lock.id());
    }

    Impact impact() {
        return new Impact(lost(), lock.waiters());
    }

    List<String> threads() {
        return lock.waitingThreads().stream()
                .map(part -> part.thread().label())
                .distinct()
                .limit(THREADS_NAMED)
                .toList();
    }

    List<Place> where() {
        List<Place> places = new ArrayList<>();
        for (LockWindow.SiteShare site : lock.sites()) {
            if (site.site() != null && places.size() < 5) {
                places.add(new Place("waiter", site.site(), site.stack()));
            }
        }
        worst().ifPresent(cell -> {
            if (places.isEmpty() && cell.waiter() != null) {
                places.add(new Place("waiter", cell.waiter(), cell.waiterStack()));
            }
            if (cell.holder() != null) {
                places.add(new Place("holder", cell.holder(), cell.holderStack()));
            }
            if (cell.takenAt() != null && !Words.place(cell.takenAt()).equals(Words.place(cell.holder()))) {
                places.add(new Place("holder", cell.takenAt(), Stack.EMPTY));
            }
        });
        if (places.isEmpty()) {
            waitersNow()
                    .map(edge -> DeadlockRule.stackOf(edge, all))
                    .flatMap(stack -> stack.site().map(site -> new Place("waiter", site, stack)).stream())
                    .findFirst()
                    .ifPresent(places::add);
        }
        return List.copyOf(places);
    }

    Map<String, Object> evidence() {
        Map<String, Object> evidence = new LinkedHashMap<>();
        evidence.put("contentions", lock.contentions());
        evidence.put("waitTotal", lock.waitTotal().toNanos());
        evidence.put("waitP50", lock.waitP50().toNanos());
        evidence.put("waitP99", lock.waitP99().toNanos());
        evidence.put("waitMax", lock.waitMax().toNanos());
        evidence.put("waitingNow", lock.waiting());
        evidence.put("holds", lock.holds());
        evidence.put("holdMean", lock.meanHold().toNanos());
        evidence.put("holdMax", lock.longestHold().toNanos());
        evidence.put("objects", lock.objects());
        evidence.put("sampledWaits", lock.sampledWaits());
        evidence.put("holderDoes", worst().map(cell -> cell.doing().words()).orElse(Doing.UNKNOWN.words()));
        evidence.put(
                "owners",
                lock.owners().stream()
                        .limit(5)
                        .map(part -> part.thread().label())
                        .toList());
        return evidence;
    }

    Details details(Text text) {
        String place = lock.name() + "|"
                + lock.sites().stream()
                        .findFirst()
                        .map(site -> Words.place(site.site()))
                        .orElse("");
        return new Details(place, all.range(), subject(), text, impact(), where(), threads(), evidence(), List.of());
    }
}
