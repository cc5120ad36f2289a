// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import io.lockjam.boot.Hooks;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/** The agent's own threads: daemons of one group, named "Lockjam …", unknown to the hooks and left out of snapshots. */
final class OwnThreads {
    private static final Set<String> RECORDER =
            Set.of("JFR Periodic Tasks", "JFR Recorder Thread", "JFR Recording Scheduler", "JFR: Shutdown Hook");

    /** One for all stays: up to JDK 18 a group that was made is never forgotten. */
    private static final ThreadGroup GROUP = new ThreadGroup(root(), "Lockjam");

    private final Faults faults;
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

    OwnThreads(Faults faults) {
        this.faults = faults;
    }

    /** Starts a thread that the hooks do not count. The boot classes must be defined. */
    Thread start(String name, Runnable work) {
        Thread thread = create(name, work);
        Hooks.ignore(thread);
        thread.start();
        return thread;
    }

    /** A thread that the hooks see like the application's; for the self-test. Not started. */
    Thread create(String name, Runnable work) {
        Thread thread = atExit(name, work);
        thread.setDaemon(true);
        thread.setContextClassLoader(null);
        threads.add(thread);
        return thread;
    }

    /** A thread for the end of the JVM: not among ours until then. Not started. */
    Thread atExit(String name, Runnable work) {
        return new Thread(GROUP, () -> run(name, work), "Lockjam " + name, 0, false);
    }

    /** Parks one of our threads. An interrupt is no word of ours, and while it lasts no park would wait. */
    static void rest(long nanos) {
        LockSupport.parkNanos(nanos);
        boolean unused = Thread.interrupted();
    }

    private void run(String name, Runnable work) {
        try {
            work.run();
        } catch (Throwable fault) { // a boundary: the application's handler may end the JVM
            faults.caught(name, fault);
        } finally {
            threads.remove(Thread.currentThread());
        }
    }

    boolean contains(Thread thread) {
        return thread.getThreadGroup() == GROUP;
    }

    /** Ours, or one of the Flight Recorder, which would not be at work without us; the hooks leave those out from now on. */
    boolean isObserver(Thread thread) {
        if (contains(thread)) {
            return true;
        }
        if (!RECORDER.contains(thread.getName())) {
            return false;
        }
        Hooks.ignore(thread);
        return true;
    }

    /** Java thread ids, separated by blanks. */
    String ids() {
        StringBuilder ids = new StringBuilder();
        for (Thread thread : threads) {
            ids.append(ids.length() == 0 ? "" : " ").append(thread.getId());
        }
        return ids.toString();
    }

    Set<Thread> all() {
        return Set.copyOf(threads);
    }

    private static ThreadGroup root() {
        ThreadGroup group = Thread.currentThread().getThreadGroup();
        while (group.getParent() != null) {
            group = group.getParent();
        }
        return group;
    }
}
