// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Fact;
import io.lockjam.window.Account;
import io.lockjam.window.GroupNames;
import io.lockjam.window.LockWindow;
import io.lockjam.window.PoolWindow;
import io.lockjam.window.QueueWindow;
import io.lockjam.window.Range;
import io.lockjam.window.Session;
import io.lockjam.window.ThreadWindow;
import io.lockjam.window.WaitForGraph;
import java.util.List;

/**
 * All windows over one range, queried once for all rules.
 *
 * @param takes waits at queues that may lend things out, told of in {@code queues} as well
 * @param pools those that somebody sizes
 * @param carriers the pools whose threads carry virtual threads
 * @param graphs one for each snapshot, oldest first
 * @param cores cores the JVM may use, quota included; 0 if not known
 */
record Situation(
        Session session,
        Range range,
        List<LockWindow> locks,
        List<LockWindow> takes,
        List<QueueWindow> queues,
        List<PoolWindow> pools,
        List<PoolWindow> carriers,
        List<ThreadWindow> threads,
        List<WaitForGraph> graphs,
        List<Session.Samples> samples,
        List<Fact.Activity> activities,
        double cores) {
    static Situation of(Session session, Range range) {
        List<PoolWindow> pools = session.pools(range);
        return new Situation(
                session,
                range,
                session.locks(range),
                session.takes(range),
                session.queues(range),
                pools.stream()
                        .filter(pool -> !pool.carries() && !pool.perTask())
                        .toList(),
                pools.stream().filter(PoolWindow::carries).toList(),
                session.threads(range),
                session.graphs(range),
                session.samples(range),
                session.activities(range),
                session.cores(range));
    }

    double seconds() {
        return Math.max(1e-9, range.seconds());
    }

    /** Threads that want to get on, mean over the range: on a core, waiting for one, held up, or in I/O. NaN if not known. */
    double activeThreads() {
        double nanos = 0;
        for (ThreadWindow thread : threads) {
            Account account = thread.account();
            nanos += account.total()
                    - account.nanos(Account.Part.IDLE)
                    - account.nanos(Account.Part.ASLEEP)
                    - account.nanos(Account.Part.UNKNOWN);
        }
        return threads.isEmpty() ? Double.NaN : nanos / 1e9 / seconds();
    }

    /** What to call a group of threads, on a page: numbers that all of them share are kept. */
    String groupName(String group) {
        return new GroupNames(threads.stream().map(ThreadWindow::thread).toList()).of(group);
    }

    /** Cores in use, mean over the range. */
    double coresUsed() {
        return threads.stream()
                        .mapToLong(thread -> thread.account().nanos(Account.Part.ON_CORE))
                        .sum()
                / 1e9
                / seconds();
    }
}
