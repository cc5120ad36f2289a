// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Fact;
import io.lockjam.model.Frame;
import io.lockjam.model.Libraries;
import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import io.lockjam.model.WaitKind;
import io.lockjam.window.Doing;
import io.lockjam.window.Holder;
import io.lockjam.window.Range;
import io.lockjam.window.Scheduled;
import io.lockjam.window.Session;
import io.lockjam.window.ThreadWindow;
import io.lockjam.window.Wait;
import io.lockjam.window.WaitQuery;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds when loops were held up, and by what: by a call that waits, or by a long turn without one.
 *
 * <p>A long turn belongs to the call that took at least half of it. A turn without such a call counts only if the loop did not want for a core
 * or stand in a pause for at least half of it: then the machine held it up, not the code.
 */
final class LoopHoldUps {
    private static final int WAITS = 2_000;
    private static final double HALF = 0.5;
    /** Of the least hold-up: the time on a core is an estimate. */
    private static final double MIN_RAN = 0.8;

    private static final int CHANNEL_FRAMES = 4;
    /** Of libraries whose loops read and write channels that never wait. */
    private static final List<String> CHANNELS = List.of(
            "io.netty.buffer.",
            "io.netty.channel.",
            "jdk.internal.net.http.",
            "org.apache.hc.core5.reactor.",
            "org.apache.http.impl.nio.",
            "org.apache.mina.transport.",
            "org.apache.tomcat.util.net.",
            "org.eclipse.jetty.io.",
            "org.glassfish.grizzly.nio.",
            "org.xnio.");

    /** Of Netty's timer, which sleeps until tasks are due. */
    private static final String NEXT_TICK = "waitForNextTick";

    private static final int MOST_MOMENTS = 5;
    /** A JFR event and our own clock readings of the same moment differ by this much at most. */
    private static final Duration SLACK = Duration.ofMillis(1);

    /** A wait that has not ended is told of once it is far beyond any other. */
    private static final Duration STANDS = Duration.ofSeconds(2);

    private static final int[] MILLIS = {20, 50, 100, 200, 500, 1_000};

    private final Map<Long, ThreadRef> loops;
    private final Situation all;
    private final Duration minHoldUp;
    private final Duration minShort;

    LoopHoldUps(Map<Long, ThreadRef> loops, Situation all, Duration minHoldUp, Duration minShort) {
        this.loops = loops;
        this.all = all;
        this.minHoldUp = minHoldUp;
        this.minShort = minShort;
    }

    List<LoopHoldUp> find() {
        List<LoopHoldUp> calls = new ArrayList<>();
        List<LoopHoldUp> late = new ArrayList<>();
        for (Fact.Activity each : all.activities()) {
            boolean counts =
                    each.kind() != Fact.ActivityKind.PINNED && each.took().compareTo(minShort) >= 0;
            if (counts && loops.containsKey(each.thread().id()) && !ofTheLoop(each)) {
                (endedLate(each) || rests(each) ? late : calls)
                        .add(new LoopHoldUp(
                                each.thread(), each.at(), each.took(), verb(each.kind()), each.stack(), false, false));
            }
        }
        for (Wait wait : all.session()
                .waits(
                        all.range(),
                        WaitQuery.heldUp(minShort, WAITS).by(loops.keySet()).withoutHolders())) {
            Stack stack = wait.ended() ? wait.stack() : standing(wait);
            if (counts(wait, stack)) {
                String did = "waits for "
                        + Words.simple(wait.lockName()).replace(" (this)", "").replaceFirst(" at .*", "");
                calls.add(new LoopHoldUp(wait.waiter(), wait.end(), wait.waited(), did, stack, false, !wait.ended()));
            }
        }
        calls.addAll(standing());
        late.addAll(calls);
        return Stream.concat(calls.stream(), turns(late)).toList();
    }

    private boolean counts(Wait wait, Stack stack) {
        return (wait.ended() || wait.waited().compareTo(STANDS) >= 0)
                && !wait.idle()
                && !asksForTask(stack)
                && !EventLoopBlockedRule.inSelector(stack) // the selector's own locks, held by who wakes it
                && (forResult(wait, stack)
                        || (wait.kind().isLock() && isOwn(stack) && !inQueue(wait, stack) && !holderWantedCore(wait)));
    }

    /** Loops that stand in one call for all of the time: what that is tells no event before it ends. */
    private List<LoopHoldUp> standing() {
        List<LoopHoldUp> found = new ArrayList<>();
        for (ThreadWindow thread : all.threads()) {
            if (!EventLoopBlockedRule.isNamed(thread.thread()) || !PoolStandsRule.DEFAULT.stands(thread)) {
                continue;
            }
            Holder doing = all.session().doing(thread.thread(), all.range().to());
            Stack stack = doing.stack().own().isPresent() ? doing.stack() : thread.stack();
            boolean called = PoolStandsRule.isCall(doing) || doing.doing() == Doing.SLEEPS;
            if (called && stack.frames().stream().anyMatch(LoopHoldUps::ofApplication)) { // else it may read by itself
                found.add(new LoopHoldUp(
                        thread.thread(),
                        all.range().to(),
                        thread.seen(),
                        doing.doing().words(),
                        stack,
                        false,
                        true));
            }
        }
        return found;
    }

    private static boolean ofApplication(Frame frame) {
        return !frame.isJdk() && !Libraries.has(frame.className());
    }

    /** Of a wait that has not ended only snapshots tell the stack. */
    private Stack standing(Wait wait) {
        return all.session()
                .graph(all.range().to())
                .of(wait.waiter().id())
                .map(edge -> DeadlockRule.stackOf(edge, all))
                .orElse(Stack.EMPTY);
    }

    /** A loop that a library has for itself, and pauses between its turns, as one that tries to connect again. */
    private static boolean rests(Fact.Activity each) {
        return each.kind() == Fact.ActivityKind.SLEEP
                && !EventLoopBlockedRule.isNamed(each.thread())
                && !EventLoopBlockedRule.runsLoop(each.stack())
                && each.stack().frames().stream().noneMatch(LoopHoldUps::ofApplication)
                && each.stack().frames().stream().anyMatch(frame -> Libraries.has(frame.className()));
    }

    /** The machine made a sleep of a moment long, be it one of ours. */
    private static boolean endedLate(Fact.Activity each) {
        return each.kind() == Fact.ActivityKind.SLEEP && each.detail() != null;
    }

    /** Long turns that no call explains. */
    private Stream<LoopHoldUp> turns(List<LoopHoldUp> calls) {
        List<Fact.LoopTurn> turns = all.session().turns(all.range()).stream()
                .filter(turn -> loops.containsKey(turn.thread().id())
                        && turn.took().compareTo(minHoldUp) >= 0
                        && !explained(turn, calls))
                .toList();
        List<Wait> rests = turns.isEmpty() ? List.of() : rests();
        return turns.stream()
                .filter(turn -> !rested(turn, rests) && !heldUpByMachine(turn))
                .map(turn -> {
                    boolean ran = mayHaveRun(turn);
                    Stack stack = stack(turn.thread(), span(turn), ran);
                    return new LoopHoldUp(
                            turn.thread(),
                            turn.at(),
                            turn.took(),
                            ran ? "is busy" : "does not come back",
                            stack,
                            true,
                            false);
                });
    }

    /** Whether it ran or wanted to for half of the time, as far as that is known: else samples of what ran are of other moments. */
    private boolean mayHaveRun(Fact.LoopTurn turn) {
        Scheduled scheduled = all.session().scheduled(turn.thread(), span(turn));
        long wanted = scheduled.ran() + scheduled.queued();
        return wanted == 0 || wanted >= HALF * turn.took().toNanos();
    }

    private List<Wait> rests() {
        WaitQuery ofLoops = WaitQuery.all(WAITS).lasting(minShort).by(loops.keySet());
        return all.session().waits(all.range(), ofLoops.withoutHolders()).stream()
                .filter(LoopHoldUps::isRest)
                .toList();
    }

    /** A loop that is one by its selector alone may wait for its time or for work elsewhere, too, as a thread for heartbeats does. */
    private static boolean isRest(Wait wait) {
        boolean signal = wait.kind() == WaitKind.OBJECT_WAIT || wait.kind() == WaitKind.CONDITION;
        return !EventLoopBlockedRule.isNamed(wait.waiter()) && (wait.idle() || signal);
    }

    private static boolean rested(Fact.LoopTurn turn, List<Wait> rests) {
        Range span = span(turn);
        long nanos = rests.stream()
                .filter(wait -> wait.waiter().id() == turn.thread().id())
                .mapToLong(wait -> span.overlap(wait.start(), wait.end()).toNanos())
                .sum();
        return nanos >= HALF * turn.took().toNanos();
    }

    /** The queue's own lock, taken to look for a task: that is between two turns. */
    private static boolean asksForTask(Stack stack) {
        return stack.frames().stream()
                .anyMatch(frame -> frame.method().equals("getTask")
                        && frame.className().equals("java.util.concurrent.ThreadPoolExecutor"));
    }

    private static boolean explained(Fact.LoopTurn turn, List<LoopHoldUp> calls) {
        Range span = span(turn);
        long nanos = calls.stream()
                .filter(call -> call.thread().id() == turn.thread().id())
                .mapToLong(call -> span.overlap(call.begin(), call.end()).toNanos())
                .sum();
        return nanos >= HALF * turn.took().toNanos();
    }

    /**
     * The loop's own reads and writes are of channels that never wait; when one takes long, the thread had lost its core. JDK 24 and later leave
     * the frames of channels and streams out of the stack: there the class on top tells, or the core.
     */
    private boolean ofTheLoop(Fact.Activity activity) {
        boolean socket =
                activity.kind() == Fact.ActivityKind.SOCKET_READ || activity.kind() == Fact.ActivityKind.SOCKET_WRITE;
        List<Frame> frames = activity.stack().frames();
        boolean leftOut = !frames.isEmpty() && !frames.get(0).isJdk();
        return EventLoopBlockedRule.inSelector(activity.stack())
                || frames.stream().anyMatch(frame -> frame.method().equals(NEXT_TICK))
                || (socket
                        && (leftOut
                                ? ofChannels(frames.get(0)) || wantedCore(activity)
                                : frames.stream()
                                        .limit(CHANNEL_FRAMES)
                                        .anyMatch(frame -> frame.className().equals("sun.nio.ch.SocketChannelImpl"))));
    }

    private static boolean ofChannels(Frame top) {
        return CHANNELS.stream().anyMatch(top.className()::startsWith);
    }

    /** Whether the thread was runnable for at least half of the time, and had no core for most of that: who waits for a peer is neither. */
    private boolean wantedCore(Fact.Activity activity) {
        return wantedCore(activity.thread(), activity.at().minus(activity.took()), activity.took());
    }

    /** A lock inside a library that its own thread takes is not for those who run it to move; what it costs is told of the lock. */
    private static boolean isOwn(Stack stack) {
        return stack.isEmpty()
                || stack.own()
                        .filter(frame -> !Libraries.has(frame.className()))
                        .isPresent();
    }

    /** The lock inside a queue or pool of the JDK, taken to hand something in: nobody keeps it, so who waits long wanted for a core. */
    private static boolean inQueue(Wait wait, Stack stack) {
        return wait.kind() != WaitKind.MONITOR
                && stack.frames().stream()
                        .map(Frame::className)
                        .filter(name -> !name.startsWith("java.util.concurrent.locks.") && !name.startsWith("jdk."))
                        .findFirst()
                        .filter(name -> name.startsWith("java.util.concurrent."))
                        .isPresent();
    }

    /** The machine made the hold of a lock long: with a core its holder would have given it back at once. */
    private boolean holderWantedCore(Wait wait) {
        ThreadRef holder = wait.owner() == null ? wait.releasedBy() : wait.owner();
        return holder != null && wantedCore(holder, wait.start(), wait.waited());
    }

    private boolean wantedCore(ThreadRef thread, Instant begin, Duration took) {
        Range span = new Range(begin.minus(SLACK), begin.plus(took).plus(SLACK));
        Scheduled scheduled = all.session().scheduled(thread, span);
        return scheduled.queued() >= scheduled.ran() && scheduled.ran() + scheduled.queued() >= HALF * took.toNanos();
    }

    /**
     * Whether a turn would have been short on a machine of its own: by the share of a core that the thread got in these seconds. A thread
     * that neither ran nor waited for a core stood in something that no event tells.
     */
    private boolean heldUpByMachine(Fact.LoopTurn turn) {
        Range span = span(turn);
        long paused = all.session().pauses(all.range()).stream()
                .mapToLong(pause ->
                        span.overlap(pause.at().minus(pause.took()), pause.at()).toNanos())
                .sum();
        Scheduled scheduled = all.session().scheduled(turn.thread(), span);
        double half = HALF * turn.took().toNanos();
        double wanted = scheduled.ran() + scheduled.queued();
        double ran = turn.took().toNanos() * scheduled.ran() / Math.max(1, wanted);
        return paused >= half || (wanted >= half && ran < MIN_RAN * minHoldUp.toNanos());
    }

    private static Range span(Fact.LoopTurn turn) {
        Instant begin = turn.at().minus(turn.took());
        return new Range(begin.minus(SLACK), turn.at().plus(SLACK));
    }

    /** Where most of the thread's samples were taken in the seconds of a span. */
    private Stack stack(ThreadRef thread, Range span, boolean ran) {
        return seen(thread, span, all)
                .filter(sample -> ran || sample.kind() == Fact.ActivityKind.NATIVE)
                .findFirst()
                .map(Session.Samples::stack)
                .orElse(Stack.EMPTY);
    }

    /** Samples outside the selector, the most frequent stack first. */
    private static Stream<Session.Samples> seen(ThreadRef thread, Range span, Situation all) {
        return all.samples().stream()
                .filter(sample -> sample.thread().id() == thread.id()
                        && sample.second() >= span.from().getEpochSecond()
                        && sample.second() <= span.to().getEpochSecond()
                        && sample.kind() != Fact.ActivityKind.SLEEP
                        && !EventLoopBlockedRule.inSelector(sample.stack()))
                .sorted(Comparator.comparing(Session.Samples::count).reversed());
    }

    /** Lines at which the loop was seen while it was held up, the most frequent first. */
    static List<String> moments(LoopHoldUp worst, Situation all) {
        return seen(worst.thread(), new Range(worst.begin(), worst.end()), all)
                .map(sample -> sample.stack().site().map(Frame::display))
                .flatMap(Optional::stream)
                .distinct()
                .limit(MOST_MOMENTS)
                .toList();
    }

    /** Long turns of a loop by length: {@code 20 ms: 3}, {@code 50 ms: 1}. */
    static List<String> histogram(ThreadRef thread, Situation all) {
        int[] counts = new int[MILLIS.length];
        for (Fact.LoopTurn turn : all.session().turns(all.range())) {
            if (turn.thread().id() == thread.id()) {
                int bucket = 0;
                while (bucket + 1 < MILLIS.length && turn.took().toMillis() >= MILLIS[bucket + 1]) {
                    bucket++;
                }
                counts[bucket]++;
            }
        }
        List<String> text = new ArrayList<>();
        for (int i = 0; i < MILLIS.length; i++) {
            if (counts[i] > 0) {
                text.add("from " + MILLIS[i] + " ms: " + counts[i]);
            }
        }
        return text;
    }

    private static boolean forResult(Wait wait, Stack stack) {
        return switch (wait.kind()) {
            case FUTURE, LATCH, BARRIER, JOIN -> true;
            case OBJECT_WAIT, CONDITION ->
                isOwn(stack) && stack.site().filter(OwnLockRule::isResult).isPresent();
            default -> false;
        };
    }

    static String verb(Fact.ActivityKind kind) {
        return switch (kind) {
            case SLEEP -> "sleeps";
            case SOCKET_READ -> "reads a socket";
            case SOCKET_WRITE -> "writes to a socket";
            case FILE_READ -> "reads a file";
            case FILE_WRITE -> "writes a file";
            case RUNNING -> "computes";
            case NATIVE -> "is in a native method";
            case PINNED -> "is pinned";
        };
    }
}
