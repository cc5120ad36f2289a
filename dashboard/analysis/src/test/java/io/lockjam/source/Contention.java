// SPDX-License-Identifier: Apache-2.0
package io.lockjam.source;

import io.lockjam.event.AgentStatusEvent;
import io.lockjam.event.LockTotalsEvent;
import io.lockjam.event.LockWaitEvent;
import io.lockjam.event.ThreadStackEvent;
import io.lockjam.event.ThreadStatesEvent;
import io.lockjam.event.WaitNowEvent;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import jdk.jfr.Recording;

/** Waits of every sort, recorded by JFR: the fixture of the tests, run in a JVM of its own. */
public final class Contention {
    private static final Object FIELD = new Object();
    private final Object own = new Object();
    private final Object[] stripes = {new Object()};

    private Contention() {}

    /**
     * Runs once and dumps, or runs until killed.
     *
     * @param arguments file to dump to, or nothing to go on until killed; {@code ours} to add events of ours
     */
    public static void main(String[] arguments) throws Exception {
        try (Recording recording = new Recording()) {
            for (String name : new String[] {"JavaMonitorEnter", "JavaMonitorWait", "ThreadSleep", "ThreadPark"}) {
                recording.enable("jdk." + name).withThreshold(Duration.ZERO).withStackTrace();
            }
            for (String name : new String[] {"ThreadStart", "ThreadEnd", "CPUInformation", "ActiveSetting"}) {
                recording.enable("jdk." + name).withStackTrace();
            }
            recording.enable("jdk.ThreadCPULoad").withPeriod(Duration.ofMillis(200));
            recording.enable("jdk.ExecutionSample").withPeriod(Duration.ofMillis(10));
            recording.setToDisk(true);
            recording.start();
            System.out.println(System.getProperty("jdk.jfr.repository"));
            if (arguments.length == 0) {
                while (true) {
                    new Contention().run();
                }
            }
            new Contention().run();
            if (arguments.length > 1) {
                ours();
            }
            recording.stop();
            recording.dump(Path.of(arguments[0]));
        }
    }

    @SuppressWarnings("WaitNotInLoop") // the wait is the point, not what is waited for
    private void run() throws Exception {
        contend(FIELD, this::enterField);
        contend(this, this::enterMethod);
        contend(Contention.class, Contention::enterStaticMethod);
        contend(own, this::enterOwn);
        contend(stripes[0], () -> enterParameter(stripes[0]));
        contend(own, this::enterLambda);
        park();
        synchronized (own) {
            own.wait(5);
        }
        Thread sleeper = new Thread(() -> sleep(20), "sleeper");
        sleeper.start();
        sleeper.join();
        compute(300);
    }

    /** So long on a core, which takes longer where others have the cores: those who sample wait for them, too. */
    private static void compute(long millis) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long until = threads.getCurrentThreadCpuTime() + millis * 1_000_000;
        while (threads.getCurrentThreadCpuTime() < until) {
            spin(1);
        }
    }

    /** A thread named {@code waiter} asks for a monitor until the JVM says that it is blocked. */
    private static void contend(Object monitor, Runnable enter) throws InterruptedException {
        Thread waiter = new Thread(enter, "waiter");
        synchronized (monitor) {
            waiter.start();
            while (waiter.getState() != Thread.State.BLOCKED) {
                Thread.onSpinWait();
            }
            sleep(5);
        }
        waiter.join();
    }

    private static void park() throws InterruptedException {
        ReentrantLock lock = new ReentrantLock();
        Thread waiter = new Thread(lock::lock, "parked");
        lock.lock();
        try {
            waiter.start();
            while (!lock.hasQueuedThread(waiter)) {
                Thread.onSpinWait();
            }
            sleep(5);
        } finally {
            lock.unlock();
        }
        waiter.join();
    }

    private void enterField() {
        synchronized (FIELD) {
            spin(0);
        }
    }

    private synchronized void enterMethod() {
        spin(0);
    }

    private static synchronized void enterStaticMethod() {
        spin(0);
    }

    private void enterOwn() {
        synchronized (own) {
            spin(0);
        }
    }

    private static void enterParameter(Object stripe) {
        synchronized (stripe) {
            spin(0);
        }
    }

    private void enterLambda() {
        Object captured = own;
        Runnable task = () -> {
            synchronized (captured) {
                spin(0);
            }
        };
        task.run();
    }

    private static void spin(long millis) {
        long until = System.nanoTime() + millis * 1_000_000;
        while (System.nanoTime() < until) {
            Thread.onSpinWait();
        }
    }

    private static void sleep(long millis) {
        try {
            new CountDownLatch(1).await(2, TimeUnit.MILLISECONDS);
            Thread.sleep(millis);
        } catch (InterruptedException cut) {
            Thread.currentThread().interrupt();
        }
    }

    private static void ours() {
        LockWaitEvent wait = new LockWaitEvent();
        wait.kind = "lock";
        wait.lockClass = ReentrantLock.class;
        wait.lockId = 0x7f3a;
        wait.waited = 1_000_000;
        wait.owner = Thread.currentThread();
        wait.weight = 3;
        wait.granted = true;
        wait.commit();
        LockWaitEvent strange = new LockWaitEvent();
        strange.kind = "telepathy";
        strange.commit();
        LockTotalsEvent totals = new LockTotalsEvent();
        totals.kind = "read";
        totals.waits = 7;
        totals.histogram = "40:7";
        totals.commit();
        WaitNowEvent now = new WaitNowEvent();
        now.waiter = Thread.currentThread();
        now.kind = "monitor";
        now.lockClassName = "com.acme.Cache";
        now.commit();
        ThreadStackEvent stack = new ThreadStackEvent();
        stack.thread = Thread.currentThread();
        stack.reason = "owner";
        stack.stack = "java.lang.Object.wait(Object.java:native)\napp//com.acme.Cache.put(Cache.java:42)";
        stack.commit();
        ThreadStatesEvent states = new ThreadStatesEvent();
        states.states = "1R zB";
        states.names = "1=main\nz=a=b";
        states.commit();
        AgentStatusEvent status = new AgentStatusEvent();
        status.pid = 4711;
        status.ownThreads = "12 13";
        status.commit();
    }
}
