// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Frame;
import io.lockjam.model.Libraries;
import io.lockjam.model.Stack;
import io.lockjam.model.WaitKind;
import io.lockjam.window.LockWindow;
import io.lockjam.window.WaitForGraph;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Finds pools of which everything is out and nothing comes back: somebody keeps what was lent, as a response that is never closed.
 *
 * <p>Nobody ends a wait there, so only the code can tell that something is lent: a class on the stack, or that of the object waited for, calls itself a
 * pool, a method says that it borrows, and the thread came from elsewhere. The workers and the cleaner of a pool begin in its own class.
 */
record LentForGoodRule(Duration minAge, int minWaiters) implements Rule<LockWindow> {
    /** What is used and given back in the ordinary course is not out for so long by all its users. */
    static final LentForGoodRule DEFAULT = new LentForGoodRule(Duration.ofSeconds(5), 2);

    private static final Pattern BORROWS = Pattern.compile(
            "(?i)borrow|lease|acquire|check_?out|(get|take|open|obtain)(Connection|Resource|Client|Session|Channel)");

    @Override
    public Kind kind() {
        return Kind.LOCK_CONTENTION;
    }

    @Override
    public Verdict check(LockWindow lock, Situation all) {
        boolean signal = lock.kind() == WaitKind.CONDITION
                || lock.kind() == WaitKind.OBJECT_WAIT
                || lock.kind() == WaitKind.QUEUE_TAKE
                || ((lock.kind() == WaitKind.LOCK || lock.kind() == WaitKind.SEMAPHORE)
                        && Libraries.has(lock.className()));
        Duration soFar = lock.waitingTotal().dividedBy(Math.max(1, lock.waiting()));
        if (!signal
                || lock.waiting() < minWaiters
                || soFar.compareTo(minAge) < 0
                || !lock.releasers().isEmpty()) {
            return Verdict.CLEAR;
        }
        List<Stack> stacks = all.session().graph(all.range().to()).edges().stream()
                .filter(edge -> edge.lockId().equals(lock.id()) && !edge.idle() && edge.owner() == null)
                .map((WaitForGraph.Edge edge) -> DeadlockRule.stackOf(edge, all))
                .filter(stack ->
                        borrowsFromPool(stack) || (LentOutRule.isPool(lock.className()) && comesToBorrow(stack)))
                .toList();
        return stacks.stream()
                .filter(stack -> nested(stack, LentOutRule.lender(stack, lock), all)
                        .isPresent()) // one that keeps one already says why nothing comes back
                .findFirst()
                .or(() -> stacks.stream().findFirst())
                .<Verdict>map(stack -> new Verdict.Found(finding(new LockTrouble(lock, all), stack, soFar)))
                .orElse(Verdict.CLEAR);
    }

    /** Whether a class on the stack calls itself a pool, a method says that it borrows, and the thread began elsewhere. */
    static boolean borrowsFromPool(Stack stack) {
        List<Frame> code =
                stack.frames().stream().filter(frame -> !frame.isJdk()).toList();
        Optional<Frame> pool = code.stream()
                .filter(frame -> LentOutRule.isPool(frame.className()))
                .findFirst();
        return pool.isPresent()
                && code.stream().anyMatch(LentForGoodRule::borrows)
                && !serves(code.get(code.size() - 1), pool.get());
    }

    /** The line at which a transaction is begun by a thread that is in one: the same method of a library twice on the stack, and other code between. */
    private static Optional<Frame> second(Stack stack) {
        List<Frame> frames =
                stack.frames().stream().filter(frame -> !frame.isJdk()).toList();
        for (int i = 0; i < frames.size(); i++) {
            Frame begins = frames.get(i);
            if (!Libraries.has(begins.className())
                    || !Words.simple(begins.className()).contains("Transaction")) {
                continue;
            }
            List<Frame> outside = frames.subList(i + 1, frames.size());
            Optional<Frame> user = outside.stream()
                    .filter(frame -> !Libraries.has(frame.className())
                            && !frame.className().contains("$$"))
                    .findFirst();
            if (user.isPresent()
                    && new Stack(outside.subList(outside.indexOf(user.get()), outside.size())).isIn(begins)) {
                return user;
            }
        }
        return Optional.empty();
    }

    /** Whether a method says of itself that it borrows. */
    static boolean borrows(Frame frame) {
        return !frame.isJdk() && BORROWS.matcher(frame.method()).find();
    }

    /** Whether a method of the stack borrows for a thread that began elsewhere: the workers of a class may fetch their tasks so. */
    static boolean comesToBorrow(Stack stack) {
        List<Frame> code =
                stack.frames().stream().filter(frame -> !frame.isJdk()).toList();
        return code.stream().anyMatch(frame -> borrows(frame) && !serves(code.get(code.size() - 1), frame));
    }

    /** Whether the method that waits is of a class that calls itself a pool, and the thread began elsewhere. */
    static boolean comesToPool(Stack stack) {
        List<Frame> code =
                stack.frames().stream().filter(frame -> !frame.isJdk()).toList();
        return !code.isEmpty()
                && LentOutRule.isPool(code.get(0).className())
                && !serves(code.get(code.size() - 1), code.get(0));
    }

    /** Whether the thread that begins at a frame is a worker or the cleaner of what lends: of its class, of one nested in that, or of a pool around it. */
    private static boolean serves(Frame begins, Frame lender) {
        String thread = begins.className();
        boolean around = outermost(begins).equals(outermost(lender))
                && LentOutRule.isPool(thread.substring(thread.lastIndexOf('$') + 1));
        return around || thread.equals(lender.className()) || thread.startsWith(lender.className() + "$");
    }

    private static String outermost(Frame frame) {
        return frame.className().replaceFirst("\\$.*", "");
    }

    /**
     * Why the thread that waits may have what the others want.
     *
     * @param why a sentence, with a blank before it
     * @param change instead of looking for what is not closed
     */
    record Nested(String why, String change) {}

    static Optional<Nested> nested(Stack stack, String lender, Situation all) {
        Optional<Nested> twice = second(stack)
                .map(
                        frame -> new Nested(
                                " A transaction is begun inside another one at " + Words.place(frame)
                                        + ", so the thread that waits may have what the others want.",
                                "Use one transaction at " + Words.place(frame)
                                        + ", or begin the inner one after the end of the outer; else " + lender
                                        + " has to lend more than there are threads that do so at once, or all wait for each other."));
        String now = LentOutRule.user(stack).map(Words::place).orElse("the place where it waits");
        for (int i = 0; i < stack.frames().size() - 1 && twice.isEmpty(); i++) {
            int at = i;
            twice = Optional.of(stack.frames().get(i))
                    .filter(LentForGoodRule::borrows)
                    .flatMap(frame -> all.session().code().borrowedBefore(stack, at))
                    .map(
                            first -> new Nested(
                                    " By the code the thread that waits has one already, taken at " + Words.place(first)
                                            + ", and keeps it while it asks for another at " + now + ".",
                                    "Do with the one of " + Words.place(first)
                                            + ", or give it back before the next is asked for at "
                                            + now + "; else " + lender
                                            + " has to lend more than there are threads that do so at once, or all wait for each other."));
        }
        return twice;
    }

    private Finding finding(LockTrouble trouble, Stack stack, Duration soFar) {
        LockWindow lock = trouble.lock;
        Frame waits = stack.site().orElseThrow();
        String lender = LentOutRule.lender(stack, lock);
        String user = LentOutRule.calledFrom(stack);
        Optional<Nested> nested = nested(stack, lender, trouble.all);
        Text text = new Text(
                "%d threads wait for what %s lends, and nothing is given back (%s so far)."
                        .formatted(lock.waiting(), lender, Words.time(soFar)),
                "They wait in " + Words.place(waits) + user + ", and meanwhile no other thread has ended a wait there."
                        + nested.map(Nested::why).orElse(""),
                trouble.cost(),
                nested.map(Nested::change)
                        .orElse(
                                "Find who has what " + lender
                                        + " lends and keeps it: a response or a connection that is not closed stays out for good."
                                        + " Close it in a finally block or by try-with-resources" + user
                                        + ". If nobody has any, it failed to make them: give the wait a limit, after which it can be asked anew."),
                "The threads go on one by one as soon as something is given back.",
                trouble.certainty() + " What was taken before the attach is not known.",
                "At least %d threads, for at least %s; here %d and %s."
                        .formatted(minWaiters, Words.time(minAge), lock.waiting(), Words.time(soFar)));
        return new Finding.LockContention(
                new Details(
                        "lent for good|" + lender + "|" + waits.className() + "." + waits.method(),
                        trouble.all.range(),
                        trouble.subject(),
                        text,
                        trouble.impact(),
                        List.of(new Place("waiter", waits, stack)),
                        trouble.threads(),
                        trouble.evidence(),
                        List.of()),
                lock);
    }
}
