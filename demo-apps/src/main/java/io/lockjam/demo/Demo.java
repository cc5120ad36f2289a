// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo;

import io.lockjam.demo.busywait.BusyWait;
import io.lockjam.demo.carriersbusy.CarriersBusy;
import io.lockjam.demo.checkthenact.CheckThenAct;
import io.lockjam.demo.commonpoolblocked.CommonPoolBlocked;
import io.lockjam.demo.conditionqueue.ConditionQueue;
import io.lockjam.demo.contextswitchstorm.ContextSwitchStorm;
import io.lockjam.demo.coroutines.Coroutines;
import io.lockjam.demo.cpuboundtoomany.CpuBoundTooMany;
import io.lockjam.demo.cpuoversubscribed.CpuOversubscribed;
import io.lockjam.demo.cputhrottled.CpuThrottled;
import io.lockjam.demo.deadlock.Deadlock;
import io.lockjam.demo.deadlockvirtual.DeadlockVirtual;
import io.lockjam.demo.doublecheckedlocking.DoubleCheckedLocking;
import io.lockjam.demo.eventloopblocked.EventLoopBlocked;
import io.lockjam.demo.eventloopnetty.EventLoopNetty;
import io.lockjam.demo.eventloopvsthreads.EventLoopVsThreads;
import io.lockjam.demo.globallock.GlobalLock;
import io.lockjam.demo.hotlock.HotLock;
import io.lockjam.demo.ioboundtoofew.IoBoundTooFew;
import io.lockjam.demo.lockacrossio.LockAcrossIo;
import io.lockjam.demo.lockconvoy.LockConvoy;
import io.lockjam.demo.lockorder.LockOrder;
import io.lockjam.demo.lostupdate.LostUpdate;
import io.lockjam.demo.lostwakeup.LostWakeup;
import io.lockjam.demo.oversizedpool.OversizedPool;
import io.lockjam.demo.pinnedcarrier.PinnedCarrier;
import io.lockjam.demo.poolstarvation.PoolStarvation;
import io.lockjam.demo.producerconsumer.ProducerConsumer;
import io.lockjam.demo.readwritelock.ReadWriteLock;
import io.lockjam.demo.rejectedtasks.RejectedTasks;
import io.lockjam.demo.shareddateformat.SharedDateFormat;
import io.lockjam.demo.sharedhashmap.SharedHashMap;
import io.lockjam.demo.sleeppolling.SleepPolling;
import io.lockjam.demo.stopflag.StopFlag;
import io.lockjam.demo.threadleak.ThreadLeak;
import io.lockjam.demo.threadlife.ThreadLife;
import io.lockjam.demo.threadpertask.ThreadPerTask;
import io.lockjam.demo.tour.Tour;
import io.lockjam.demo.unboundedqueue.UnboundedQueue;
import io.lockjam.demo.undersizedpool.UndersizedPool;
import io.lockjam.demo.unsafepublication.UnsafePublication;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** All demos in the order of the course; a new demo is a new constant here. */
enum Demo {
    THREAD_PER_TASK(
            "thread-per-task",
            "thread-churn",
            "A shop starts a new thread for every e-mail it sends.",
            ThreadPerTask::run),
    THREAD_LIFE(
            "thread-life",
            "thread-churn",
            "A kitchen starts a cook per dish and joins it at once: no two ever cook together.",
            ThreadLife::run),
    THREAD_LEAK("thread-leak", "thread-leak", "Each customer's session leaves a thread behind.", ThreadLeak::run),
    GLOBAL_LOCK(
            "global-lock",
            "global-lock",
            "Eight script threads take turns at one interpreter lock and get the work of one done.",
            GlobalLock::run),
    HOT_LOCK("hot-lock", "lock-contention", "Eight tills wait for the one lock of the stock.", HotLock::run),
    LOCK_CONVOY(
            "lock-convoy",
            "lock-convoy",
            "Sixteen brokers follow each other from place to place through a lock held for 0.1 ms.",
            LockConvoy::run),
    READ_WRITE_LOCK(
            "read-write-lock",
            "lock-contention",
            "Threads that only read a catalogue take its write lock.",
            ReadWriteLock::run),
    CONDITION_QUEUE(
            "condition-queue",
            "lost-wakeup",
            "Bakers and customers wait on one condition, and the signal wakes the wrong sort.",
            ConditionQueue::run),
    LOST_WAKEUP(
            "lost-wakeup", "lost-wakeup", "A guest starts to wait for a pager that has already rung.", LostWakeup::run),
    DEADLOCK("deadlock", "deadlock", "Two clerks of a bank wait for each other's account for ever.", Deadlock::run),
    DEADLOCK_VIRTUAL(
            "deadlock-virtual",
            "deadlock",
            "Two virtual threads wait for each other's lock, which jstack does not show (Java 21).",
            DeadlockVirtual::run),
    LOCK_ACROSS_IO(
            "lock-across-io",
            "lock-held-across-blocking",
            "A cache holds its monitor while it reads from the network.",
            LockAcrossIo::run),
    LOCK_ORDER(
            "lock-order",
            "lock-order-inversion",
            "Shipping and cancelling take two locks in opposite orders and have been lucky so far.",
            LockOrder::run),
    SHARED_DATE_FORMAT(
            "shared-date-format",
            "data-race",
            "Invoice threads share one SimpleDateFormat and read wrong dates.",
            SharedDateFormat::run),
    UNSAFE_PUBLICATION(
            "unsafe-publication",
            "data-race",
            "A price list is read while its constructor still runs.",
            UnsafePublication::run),
    DOUBLE_CHECKED_LOCKING(
            "double-checked-locking",
            "data-race",
            "A catalogue checked without its lock is handed out before it is loaded.",
            DoubleCheckedLocking::run),
    STOP_FLAG(
            "stop-flag",
            "data-race",
            "A route planner does not see the plain flag that tells it to stop.",
            StopFlag::run),
    OVERSIZED_POOL(
            "oversized-pool", "pool-oversized", "A pool of 64 threads does the work of four.", OversizedPool::run),
    UNDERSIZED_POOL(
            "undersized-pool",
            "pool-undersized",
            "Parcels queue for four threads while the processor is idle.",
            UndersizedPool::run),
    CPU_BOUND_TOO_MANY(
            "cpu-bound-too-many",
            "pool-oversized cpu-oversubscribed",
            "Sixteen threads per core resize photos and get in each other's way.",
            CpuBoundTooMany::run),
    IO_BOUND_TOO_FEW(
            "io-bound-too-few",
            "pool-undersized",
            "Two threads, one per core, wait for a socket while payments queue.",
            IoBoundTooFew::run),
    POOL_STARVATION(
            "pool-starvation",
            "pool-starvation",
            "Orders wait for payments queued behind them in the same pool.",
            PoolStarvation::run),
    COMMON_POOL_BLOCKED(
            "common-pool-blocked",
            "pool-starvation",
            "All workers of the common pool wait for tasks nobody is left to run.",
            CommonPoolBlocked::run),
    REJECTED_TASKS(
            "rejected-tasks",
            "pool-rejections",
            "A pool with room for one waiting booking refuses about one in six.",
            RejectedTasks::run),
    EVENT_LOOP_BLOCKED(
            "event-loop-blocked",
            "event-loop-blocked",
            "One request in the event loop waits for a report, and all others wait behind it.",
            EventLoopBlocked::run),
    EVENT_LOOP_NETTY(
            "event-loop-netty",
            "event-loop-blocked",
            "A handler on Netty's event loop waits for a report, and all connections wait behind it.",
            EventLoopNetty::run),
    EVENT_LOOP_VS_THREADS(
            "event-loop-vs-threads",
            "thread-churn",
            "A thread per connection against one event loop and virtual threads.",
            EventLoopVsThreads::run),
    COROUTINES(
            "coroutines",
            "event-loop-blocked",
            "A coroutine that does not give way holds the others up.",
            Coroutines::run),
    PINNED_CARRIER(
            "pinned-carrier",
            "virtual-thread-pinned",
            "A slow static initialiser keeps the carriers of virtual threads (Java 21).",
            PinnedCarrier::run),
    CARRIERS_BUSY(
            "carriers-busy",
            "cpu-oversubscribed",
            "Virtual threads that compute keep all carriers, and nobody else is answered (Java 21).",
            CarriersBusy::run),
    PRODUCER_CONSUMER(
            "producer-consumer",
            "queue-backlog queue-starved",
            "One picker between four clerks and six packers: one queue is full, the next one empty.",
            ProducerConsumer::run),
    UNBOUNDED_QUEUE(
            "unbounded-queue",
            "pool-queue-growth",
            "A queue without a bound grows until memory is gone.",
            UnboundedQueue::run),
    LOST_UPDATE(
            "lost-update",
            "data-race",
            "Five tills add to one counter without a lock, and sales are lost.",
            LostUpdate::run),
    CHECK_THEN_ACT(
            "check-then-act", "data-race", "Two agents see the same last seat and both sell it.", CheckThenAct::run),
    SHARED_HASHMAP(
            "shared-hashmap", "data-race", "Web threads keep carts in one HashMap and lose some.", SharedHashMap::run),
    CPU_OVERSUBSCRIBED(
            "cpu-oversubscribed",
            "cpu-oversubscribed",
            "Ten computing threads per core, and an alarm that comes late.",
            CpuOversubscribed::run),
    CONTEXT_SWITCH_STORM(
            "context-switch-storm",
            "lock-convoy",
            "Eight sensors hand a fair lock over ten thousands of times a second.",
            ContextSwitchStorm::run),
    BUSY_WAIT(
            "busy-wait", "busy-wait", "A picker looks at an empty belt all the time and burns a core.", BusyWait::run),
    SLEEP_POLLING(
            "sleep-polling",
            "busy-wait",
            "Ten printers sleep a moment, look for a job, and sleep again.",
            SleepPolling::run),
    CPU_THROTTLED(
            "cpu-throttled",
            "cpu-oversubscribed",
            "A service that needs 0.4 of a core in a control group that allows 0.2.",
            CpuThrottled::run),
    TOUR(
            "tour",
            "data-race lock-contention pool-oversized",
            "A small order service with a race, a lock wait and an oversized pool at once.",
            Tour::run);

    private final String id;

    @SuppressWarnings("ImmutableEnumChecker") // List.of
    private final List<String> kinds;

    private final String says;

    @SuppressWarnings("ImmutableEnumChecker") // a reference to a static method
    private final Scene scene;

    Demo(String id, String kinds, String says, Scene scene) {
        this.id = id;
        this.kinds = List.of(kinds.split(" "));
        this.says = says;
        this.scene = scene;
    }

    /** Empty if no demo has this name. */
    static Optional<Demo> of(String id) {
        return Arrays.stream(values()).filter(demo -> demo.id.equals(id)).findFirst();
    }

    /** The name on the command line. */
    String id() {
        return id;
    }

    /** Ids of the findings Lockjam reports for the broken variant. */
    List<String> kinds() {
        return kinds;
    }

    /** What happens, in one sentence. */
    String says() {
        return says;
    }

    /** @throws Unavailable if this JDK or machine lacks what the demo needs */
    void run(Stage stage) throws Exception {
        scene.run(stage);
    }

    /** What a demo does on its stage until the time is over. */
    @FunctionalInterface
    private interface Scene {
        void run(Stage stage) throws Exception;
    }
}
