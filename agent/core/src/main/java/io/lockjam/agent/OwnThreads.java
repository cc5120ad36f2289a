// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import io.lockjam.boot.Hooks;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The agent's own threads: daemons of one group, named "Lockjam …", unknown to the hooks and left out of snapshots. */
final class OwnThreads {
    private static final Set<String> RECORDER =
            Set.of("JFR Periodic Tasks", "JFR Recorder Thread", "JFR Recording Scheduler", "JFR: Shutdown Hook");

    private final ThreadGroup group = new ThreadGroup(root(), "Lockjam");
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

    /** Starts a thread that the hooks do not count. The boot classes must be defined. */
    Thread start(String name, Runnable work) {
        Thread thread = create(name, work);
        Hooks.ignore(thread);
        thread.start();
        return thread;
    }

    /** A thread that the hooks see like the application's; for the self-test. Not started. */
    Thread create(String name, Runnable work) {
        Thread thread = new Thread(
                group,
                () -> {
                    try {
                        work.run();
                    } finally {
                        threads.remove(Thread.currentThread());
                    }
                },
                "Lockjam " + name,
                0,
                false);
        thread.setDaemon(true);
        thread.setContextClassLoader(null);
        threads.add(thread);
        return thread;
    }

    /** A thread for the end of the JVM: not among ours until then. Not started. */
    Thread atExit(String name, Runnable work) {
        return new Thread(group, work, "Lockjam " + name, 0, false);
    }

    boolean contains(Thread thread) {
        return thread.getThreadGroup() == group;
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
