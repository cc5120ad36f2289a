// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.window.LockWindow;
import io.lockjam.window.PoolWindow;
import io.lockjam.window.QueueWindow;
import io.lockjam.window.WaitForGraph;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** A conclusion the evidence supports. Closed: a new kind of finding is a new record here and a rule named after it. */
public sealed interface Finding {
    Kind kind();

    Severity severity();

    Details details();

    /** One complete sentence that names the place. */
    default String title() {
        return details().text().what();
    }

    default Subject subject() {
        return details().subject();
    }

    default Text text() {
        return details().text();
    }

    default Impact impact() {
        return details().impact();
    }

    /** Stable across runs for the same kind and place; 12 hexadecimal digits. */
    default String id() {
        String key = kind().id() + "|" + details().place();
        return UUID.nameUUIDFromBytes(key.getBytes(StandardCharsets.UTF_8))
                .toString()
                .replace("-", "")
                .substring(0, 12);
    }

    /** A finding whose severity never varies. */
    sealed interface Warning extends Finding {
        @Override
        default Severity severity() {
            return Severity.WARNING;
        }
    }

    /** Threads that will never go on, or wrong results. */
    sealed interface Failure extends Finding {
        @Override
        default Severity severity() {
            return Severity.ERROR;
        }
    }

    record LockContention(Details details, LockWindow lock) implements Warning {
        @Override
        public Kind kind() {
            return Kind.LOCK_CONTENTION;
        }
    }

    /** Of a pool made of a queue, whose waits have not ended. */
    record NothingPutBack(Details details, WaitForGraph.Edge edge) implements Warning {
        @Override
        public Kind kind() {
            return Kind.LOCK_CONTENTION;
        }
    }

    /** Of a class whose static initialiser takes long. */
    record SlowInitialiser(Details details) implements Warning {
        @Override
        public Kind kind() {
            return Kind.LOCK_CONTENTION;
        }
    }

    record GlobalLock(Details details, LockWindow lock, double threadsAtWork) implements Warning {
        @Override
        public Kind kind() {
            return Kind.GLOBAL_LOCK;
        }
    }

    record LockConvoy(Details details, LockWindow lock) implements Warning {
        @Override
        public Kind kind() {
            return Kind.LOCK_CONVOY;
        }
    }

    record LockHeldAcrossBlocking(Details details, LockWindow lock, LockWindow.Blame cause) implements Warning {
        @Override
        public Kind kind() {
            return Kind.LOCK_HELD_ACROSS_BLOCKING;
        }
    }

    record Deadlock(Details details, List<WaitForGraph.Edge> cycle) implements Failure {
        @Override
        public Kind kind() {
            return Kind.DEADLOCK;
        }
    }

    /** A thread and a program that it has started. */
    record ChildDeadlock(Details details) implements Failure {
        @Override
        public Kind kind() {
            return Kind.DEADLOCK;
        }
    }

    record LostWakeup(Details details, WaitForGraph.Edge edge) implements Failure {
        @Override
        public Kind kind() {
            return Kind.LOST_WAKEUP;
        }
    }

    /** Changes that a waiter sees only once its time limit has passed. */
    record LateSignal(Details details, Severity severity) implements Finding {
        @Override
        public Kind kind() {
            return Kind.LOST_WAKEUP;
        }
    }

    record LockOrderInversion(Details details) implements Warning {
        @Override
        public Kind kind() {
            return Kind.LOCK_ORDER_INVERSION;
        }
    }

    record PoolStarvation(Details details, PoolWindow pool) implements Failure {
        @Override
        public Kind kind() {
            return Kind.POOL_STARVATION;
        }
    }

    /**
     * More threads than the load can use.
     *
     * @param severity information only if the pool is somewhat too large and costs little
     */
    record PoolOversized(Details details, PoolWindow pool, int enough, Severity severity) implements Finding {
        @Override
        public Kind kind() {
            return Kind.POOL_OVERSIZED;
        }
    }

    record PoolUndersized(Details details, PoolWindow pool, int enough) implements Warning {
        @Override
        public Kind kind() {
            return Kind.POOL_UNDERSIZED;
        }
    }

    record PoolQueueGrowth(Details details, PoolWindow pool) implements Warning {
        @Override
        public Kind kind() {
            return Kind.POOL_QUEUE_GROWTH;
        }
    }

    record PoolRejections(Details details, PoolWindow pool) implements Warning {
        @Override
        public Kind kind() {
            return Kind.POOL_REJECTIONS;
        }
    }

    record ThreadChurn(Details details) implements Warning {
        @Override
        public Kind kind() {
            return Kind.THREAD_CHURN;
        }
    }

    record ThreadLeak(Details details) implements Warning {
        @Override
        public Kind kind() {
            return Kind.THREAD_LEAK;
        }
    }

    record QueueBacklog(Details details, QueueWindow queue) implements Warning {
        @Override
        public Kind kind() {
            return Kind.QUEUE_BACKLOG;
        }
    }

    /** Of producers whose waits have not ended. */
    record QueueStands(Details details, WaitForGraph.Edge edge) implements Warning {
        @Override
        public Kind kind() {
            return Kind.QUEUE_BACKLOG;
        }
    }

    /** What is handed to one executor runs one after the other, though its pool has threads to spare. */
    record OneLane(Details details) implements Warning {
        @Override
        public Kind kind() {
            return Kind.QUEUE_BACKLOG;
        }
    }

    record QueueStarved(Details details, QueueWindow queue, Severity severity) implements Finding {
        @Override
        public Kind kind() {
            return Kind.QUEUE_STARVED;
        }
    }

    record EventLoopBlocked(Details details) implements Warning {
        @Override
        public Kind kind() {
            return Kind.EVENT_LOOP_BLOCKED;
        }
    }

    /**
     * Virtual threads that keep their carrier.
     *
     * @param severity an error if they will never go on
     * @param lockId of the lock that they can never get; empty if there is none
     */
    record VirtualThreadPinned(Details details, Severity severity, String lockId) implements Finding {
        @Override
        public Kind kind() {
            return Kind.VIRTUAL_THREAD_PINNED;
        }
    }

    record CpuOversubscribed(Details details) implements Warning {
        @Override
        public Kind kind() {
            return Kind.CPU_OVERSUBSCRIBED;
        }
    }

    record BusyWait(Details details) implements Warning {
        @Override
        public Kind kind() {
            return Kind.BUSY_WAIT;
        }
    }

    /**
     * Threads that go round in the links of a broken map and never come out.
     *
     * @param groups of these threads
     */
    record EndlessSearch(Details details, Set<String> groups) implements Failure {
        @Override
        public Kind kind() {
            return Kind.BUSY_WAIT;
        }
    }

    /**
     * Two threads at one field or object with nothing to order them.
     *
     * @param severity an error if data are lost or torn, information if the race looks meant
     */
    record DataRace(Details details, Severity severity) implements Finding {
        @Override
        public Kind kind() {
            return Kind.DATA_RACE;
        }
    }
}
