// SPDX-License-Identifier: Apache-2.0
package io.lockjam.attach;

import java.io.Closeable;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The program that tests attach to. It only waits, unless its arguments name troubles; it says "up" when they have begun,
 * and then answers each line, which may name another trouble, with the turns its workers took so far and the errors that it met.
 */
public final class Troubled {
    private static final ReentrantLock LOCK = new ReentrantLock();
    private static final AtomicLong TURNS = new AtomicLong();
    private static final AtomicLong ERRORS = new AtomicLong();
    private static final CountDownLatch NEVER = new CountDownLatch(1);
    private static final List<Object> KEPT = new ArrayList<>();
    private static final List<Closeable> FILES = new ArrayList<>();

    private Troubled() {}

    /**
     * Runs until standard input ends.
     *
     * @param troubles see {@code begin}
     */
    public static void main(String[] troubles) throws Exception {
        KEPT.add(numbers()); // all that it takes to answer is loaded before
        byte[] line = new byte[80]; // and no more memory is needed to read
        for (String trouble : troubles) {
            begin(trouble);
        }
        System.out.println("up");
        int length = 0;
        for (int next = System.in.read(); next >= 0; next = System.in.read()) {
            if (next != '\n') {
                line[length++] = (byte) next;
                continue;
            }
            if (length > 0) {
                begin(new String(line, 0, length, StandardCharsets.UTF_8));
            }
            length = 0;
            answer();
        }
    }

    private static void begin(String trouble) throws Exception {
        switch (trouble) {
            case "work" -> {
                for (int i = 1; i <= 3; i++) {
                    start("wörker-" + i, Troubled::turn);
                }
            }
            case "memory" -> start("hog", Troubled::fillHeap);
            case "metaspace" -> fillMetaspace();
            case "files" -> openFiles();
            case "room" -> {
                for (Closeable file : FILES) {
                    file.close();
                }
                KEPT.clear();
                System.gc();
            }
            case "hooks" -> findHooks();
            case "threads" -> {
                for (int i = 1; i <= 10_000; i++) {
                    start("idle-" + i, () -> NEVER.await());
                }
            }
            case "threads-to-the-limit" -> startThreads();
            case "deadlock" -> deadlock();
            default -> throw new IllegalArgumentException(trouble);
        }
    }

    private interface Work {
        void run() throws Exception;
    }

    private static void start(String name, Work work) {
        Runnable forever = () -> {
            while (true) {
                try {
                    work.run();
                } catch (Exception | OutOfMemoryError error) {
                    ERRORS.incrementAndGet();
                }
            }
        };
        Thread thread = new Thread(forever, name);
        thread.setDaemon(true);
        thread.start();
    }

    private static void answer() {
        while (true) {
            try {
                System.out.println(numbers());
                return;
            } catch (OutOfMemoryError again) {
                ERRORS.incrementAndGet();
            }
        }
    }

    /** Without the operator: each of its places is linked when it is first used, which takes classes. */
    private static String numbers() {
        return String.join(" ", Long.toString(TURNS.get()), Long.toString(ERRORS.get()));
    }

    private static void turn() throws InterruptedException {
        LOCK.lock();
        try {
            Thread.sleep(1);
        } finally {
            LOCK.unlock();
        }
        TURNS.incrementAndGet();
    }

    /** To the last word, for a while; before that it lets the others do their work. */
    private static void fillHeap() throws InterruptedException {
        Thread.sleep(100);
        Object[] chain = {};
        for (int size : new int[] {1 << 14, 1 << 7, 1}) {
            try {
                while (true) {
                    Object[] link = new Object[size];
                    link[0] = chain;
                    chain = link;
                }
            } catch (OutOfMemoryError full) {
                ERRORS.incrementAndGet();
            }
        }
        try {
            Thread.sleep(20);
        } finally {
            Reference.reachabilityFence(chain);
        }
    }

    /** Loaders of their own load this class until no further one has room. */
    private static void fillMetaspace() throws IOException {
        byte[] bytes;
        try (InputStream in = Troubled.class.getResourceAsStream("Troubled.class")) {
            bytes = in == null ? new byte[0] : in.readAllBytes();
        }
        try {
            while (true) {
                KEPT.add(
                        new ClassLoader(null) {
                            Class<?> define() {
                                return defineClass(null, bytes, 0, bytes.length);
                            }
                        }.define());
            }
        } catch (OutOfMemoryError full) {
            ERRORS.incrementAndGet();
        }
    }

    /** An error for hooks of ours that are in still, although nobody is attached: woken for a moment, they count the waits of our workers. */
    private static void findHooks() throws Exception {
        Class<?> hooks = Class.forName("io.lockjam.boot.Hooks", false, null);
        hooks.getMethod("enable", boolean.class).invoke(null, true);
        Object before = hooks.getMethod("waitsSeen").invoke(null);
        Thread.sleep(500);
        if (!before.equals(hooks.getMethod("waitsSeen").invoke(null))) {
            ERRORS.incrementAndGet();
        }
        hooks.getMethod("enable", boolean.class).invoke(null, false);
    }

    private static void openFiles() {
        try {
            while (true) {
                FILES.add(new FileInputStream("/dev/null"));
            }
        } catch (IOException none) {
            ERRORS.incrementAndGet();
        }
    }

    private static void startThreads() {
        try {
            while (true) {
                start("idle", () -> NEVER.await());
            }
        } catch (OutOfMemoryError none) {
            ERRORS.incrementAndGet();
        }
    }

    private static void deadlock() {
        ReentrantLock one = new ReentrantLock();
        Object other = new Object();
        CountDownLatch both = new CountDownLatch(2);
        start("first", () -> {
            one.lock();
            meet(both);
            synchronized (other) {
                one.unlock();
            }
        });
        start("second", () -> {
            synchronized (other) {
                meet(both);
                one.lock();
            }
        });
    }

    private static void meet(CountDownLatch both) throws InterruptedException {
        both.countDown();
        both.await();
    }
}
