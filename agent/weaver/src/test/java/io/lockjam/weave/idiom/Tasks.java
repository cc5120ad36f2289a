// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave.idiom;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RecursiveAction;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Correct sharing through threads, tasks and class initialisation: nothing here may be reported. */
final class Tasks {
    private Tasks() {}

    static Map<String, Idiom> all() throws ReflectiveOperationException {
        Map<String, Idiom> all = new LinkedHashMap<>();
        all.put("start-join", new StartJoin());
        all.put("executor", new Submitted(Executors.newFixedThreadPool(2, Tasks::daemon)));
        all.put("future", new Completed());
        all.put("fork-join", new Forked());
        all.put("parallel-stream", new Streamed());
        all.put("class-init", new Initialised());
        all.put("holder", thread -> Holder.INSTANCE.look());
        ExecutorService virtual = virtual();
        if (virtual != null) {
            all.put("virtual", new Submitted(virtual));
            all.put("virtual-lock", new VirtualLock(virtual));
        }
        return all;
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
    }

    /** Null before 21. */
    private static @Nullable ExecutorService virtual() throws ReflectiveOperationException {
        if (Runtime.version().feature() < 21) {
            return null;
        }
        return (ExecutorService)
                Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    }

    private static final class StartJoin implements Idiom {
        private static final class Job {
            private int input;
            private int output;
            private final List<String> log = new ArrayList<>();

            void run() {
                log.add("run");
                output = input + 1;
            }
        }

        @Override
        public void step(int thread) throws InterruptedException {
            Job job = new Job();
            job.input = thread;
            Thread worker = new Thread(job::run);
            worker.start();
            worker.join();
            job.output += job.log.size();
            Thread.sleep(1);
        }
    }

    private static final class Submitted implements Idiom {
        private final ExecutorService executor;

        Submitted(ExecutorService executor) {
            this.executor = executor;
        }

        private static final class Work {
            private int input;
            private long output;
            private final StringBuilder text = new StringBuilder();

            void run() {
                text.append(input);
                output = input + text.length();
            }
        }

        @Override
        public void step(int thread) throws Exception {
            Work work = new Work();
            work.input = thread;
            Future<?> future = executor.submit(work::run);
            future.get(10, TimeUnit.SECONDS);
            work.output++;
            work.text.setLength(0);
        }
    }

    private static final class Completed implements Idiom {
        private static final class State {
            private int value;

            State add(int more) {
                value += more;
                return this;
            }
        }

        @Override
        public void step(int thread) {
            State state = new State();
            state.value = thread;
            CompletableFuture.supplyAsync(() -> state.add(1))
                    .thenApplyAsync(seen -> seen.add(2))
                    .thenApply(seen -> seen.add(3))
                    .join()
                    .add(4);
        }
    }

    private static final class Forked implements Idiom {
        private static final class Sum extends RecursiveAction {
            private static final long serialVersionUID = 1;
            private final transient int[] cells;
            private final int from;
            private final int to;
            private long result;

            Sum(int[] cells, int from, int to) {
                this.cells = cells;
                this.from = from;
                this.to = to;
            }

            @Override
            protected void compute() {
                if (to - from <= 8) {
                    for (int i = from; i < to; i++) {
                        cells[i]++;
                        result += cells[i];
                    }
                    return;
                }
                Sum left = new Sum(cells, from, (from + to) / 2);
                Sum right = new Sum(cells, (from + to) / 2, to);
                invokeAll(left, right);
                result = left.result + right.result;
            }
        }

        @Override
        public void step(int thread) throws InterruptedException {
            Sum sum = new Sum(new int[64], 0, 64);
            sum.invoke();
            sum.result++;
            Thread.sleep(1);
        }
    }

    private static final class Streamed implements Idiom {
        @Override
        public void step(int thread) throws InterruptedException {
            int[] cells = new int[256];
            Arrays.parallelSetAll(cells, i -> i);
            int sum = Arrays.stream(cells).parallel().sum();
            cells[0] = sum;
            Thread.sleep(1);
        }
    }

    private static final class Holder {
        private static final Holder INSTANCE = new Holder();
        private int value;

        private Holder() {
            value = 3;
        }

        int look() {
            return value;
        }
    }

    private static final class VirtualLock implements Idiom {
        private final ExecutorService executor;
        private final ReentrantLock lock = new ReentrantLock();
        private int count;
        private int monitored;

        VirtualLock(ExecutorService executor) {
            this.executor = executor;
        }

        @Override
        public void step(int thread) throws Exception {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                all.add(executor.submit(this::add));
            }
            for (Future<?> each : all) {
                each.get();
            }
        }

        private void add() {
            lock.lock();
            try {
                count++;
            } finally {
                lock.unlock();
            }
            synchronized (this) {
                monitored++;
            }
        }
    }

    /** Threads meet at the first use of a class whose initialiser fills a plain static from a method. */
    private static final class Initialised implements Idiom {
        @Override
        public void step(int thread) throws Exception {
            Class<?> fresh = new Fresh().define();
            Thread[] readers = new Thread[3];
            for (int i = 0; i < readers.length; i++) {
                Runnable reader = (Runnable) fresh.getDeclaredConstructor().newInstance();
                readers[i] = new Thread(reader);
            }
            for (Thread each : readers) {
                each.start();
            }
            for (Thread each : readers) {
                each.join();
            }
            Thread.sleep(20);
        }
    }

    /** Loads the classes of {@link InitialisedLate} anew. */
    private static final class Fresh extends ClassLoader {
        Fresh() {
            super(Fresh.class.getClassLoader());
        }

        Class<?> define() throws IOException, ClassNotFoundException {
            String name = InitialisedLate.class.getName();
            load(name + "$Table");
            return load(name);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            Class<?> ours = name.startsWith(InitialisedLate.class.getName()) ? findLoadedClass(name) : null;
            return ours == null ? super.loadClass(name, resolve) : ours;
        }

        private Class<?> load(String name) throws IOException, ClassNotFoundException {
            try (InputStream in = Fresh.class.getClassLoader().getResourceAsStream(name.replace('.', '/') + ".class")) {
                if (in == null) {
                    throw new ClassNotFoundException(name);
                }
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            }
        }
    }
}
