// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import io.lockjam.model.Fact;

/** What a thread does at a moment, told in a verb: {@code reads a socket}. */
public enum Doing {
    RUNS("runs"),
    SLEEPS("sleeps"),
    READS_SOCKET("reads a socket"),
    WRITES_SOCKET("writes to a socket"),
    OPENS_FILE("opens a file"),
    READS_FILE("reads a file"),
    WRITES_FILE("writes a file"),
    LOCKS_FILE("waits for a lock on a file"),
    LOOKS_UP_HOST("looks up the address of a host"),
    WAITS_FOR_PROCESS("runs another program"),
    WAITS_FOR_ANSWER("waits for an HTTP answer"),
    WAITS_FOR_LOCK("waits for another lock"),
    WAITS_FOR_QUEUE("waits at a queue"),
    WAITS_FOR_SIGNAL("waits for a signal"),
    WAITS_FOR_WORK("waits for work"),
    WAITS_FOR_CORE("is runnable but has no core"),
    PAUSED("stands still in a JVM pause"),
    IN_NATIVE("is in a native method"),
    UNKNOWN("was not seen");

    private final String words;

    Doing(String words) {
        this.words = words;
    }

    /** The verb with its object, for a sentence whose subject is the thread. */
    public String words() {
        return words;
    }

    /** Whether the thread waits for something outside the processor that has nothing to do with a lock it holds. */
    public boolean blocking() {
        return switch (this) {
            case SLEEPS,
                    READS_SOCKET,
                    WRITES_SOCKET,
                    OPENS_FILE,
                    READS_FILE,
                    WRITES_FILE,
                    LOCKS_FILE,
                    LOOKS_UP_HOST,
                    WAITS_FOR_PROCESS,
                    WAITS_FOR_ANSWER,
                    WAITS_FOR_LOCK,
                    WAITS_FOR_QUEUE,
                    WAITS_FOR_SIGNAL -> true;
            case RUNS, WAITS_FOR_WORK, WAITS_FOR_CORE, PAUSED, IN_NATIVE, UNKNOWN -> false;
        };
    }

    /** Whether it waits for another thread. */
    public boolean isWait() {
        return this == WAITS_FOR_LOCK || this == WAITS_FOR_QUEUE || this == WAITS_FOR_SIGNAL;
    }

    /** What a thread does during a wait of its own. */
    static Doing of(Second.KeptWait wait) {
        if (wait.idle) {
            return WAITS_FOR_WORK;
        }
        if (wait.lock.kind.isQueue()) {
            return WAITS_FOR_QUEUE;
        }
        if (wait.lock.kind.isLock()) {
            return WAITS_FOR_LOCK;
        }
        return StackReading.elsewhere(wait.fact.stack()).orElse(WAITS_FOR_SIGNAL);
    }

    static Doing of(Fact.ActivityKind kind) {
        return switch (kind) {
            case SLEEP -> SLEEPS;
            case SOCKET_READ -> READS_SOCKET;
            case SOCKET_WRITE -> WRITES_SOCKET;
            case FILE_READ -> READS_FILE;
            case FILE_WRITE -> WRITES_FILE;
            case RUNNING, PINNED -> RUNS;
            case NATIVE -> IN_NATIVE;
        };
    }
}
