// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Frame;
import io.lockjam.model.WaitKind;
import io.lockjam.window.Wait;
import io.lockjam.window.WaitQuery;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Tasks of a pool that wait for others of the same pool, which its other threads run: they get on as long as one thread is left for that.
 *
 * @param at where they wait
 * @param share of the time in tasks, 0 to 1
 */
record OwnTasks(Frame at, double share) {
    private static final Duration NOTABLE = Duration.ofMillis(1);
    private static final int WAITS = 2_000;

    /** A fifth: less is not what keeps the threads busy. */
    private static final double MIN_SHARE = 0.2;

    /** A thread of a fork-join pool that joins a task runs others meanwhile. */
    static Optional<OwnTasks> of(PoolTrouble trouble) {
        Set<Long> workers =
                trouble.workers().stream().map(worker -> worker.thread().id()).collect(Collectors.toSet());
        if (workers.isEmpty() || !trouble.pool.type().equals("threads")) {
            return Optional.empty();
        }
        List<Wait> waits = trouble
                .all
                .session()
                .waits(
                        trouble.all.range(),
                        WaitQuery.heldUp(NOTABLE, WAITS).by(workers).withoutHolders())
                .stream()
                .filter(wait -> wait.kind() == WaitKind.FUTURE
                        && wait.releasedBy() != null
                        && workers.contains(wait.releasedBy().id()))
                .toList();
        double seconds = waits.stream()
                .mapToDouble(wait -> wait.weight() * (wait.waited().toNanos() / 1e9))
                .sum();
        double share = Math.min(1, seconds / Math.max(1e-9, trouble.pool.busyMean() * trouble.pool.observedSeconds()));
        return waits.stream()
                .max(Comparator.comparing(Wait::waited))
                .flatMap(longest -> longest.stack().own())
                .filter(at -> share >= MIN_SHARE)
                .map(at -> new OwnTasks(at, share));
    }

    String sentence(int threads) {
        return " For %s of that time tasks wait for others of the same pool, at %s: once %d do so at a time, nobody is left to run those."
                .formatted(Words.percent(share), Words.place(at), threads);
    }

    /** @param resize a sentence without its end */
    String change(String pool, String resize) {
        return "Do not wait for tasks of " + pool + " inside its tasks, at " + Words.place(at)
                + ": give the inner ones a pool of their own, or compose them (thenCompose). Else "
                + Character.toLowerCase(resize.charAt(0)) + resize.substring(1);
    }
}
