// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave.idiom;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.RecursiveTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Correct sharing by way of what the JDK runs for the program: nothing here may be reported. */
final class Services {
    private Services() {}

    static Map<String, Idiom> all() {
        ExecutorService pool = Executors.newFixedThreadPool(2, Services::daemon);
        Map<String, Idiom> all = new LinkedHashMap<>();
        all.put("timer", new Timed());
        all.put("scheduled", new Scheduled());
        all.put("publisher", new Subscribed());
        all.put("completion-service", new CompletedInTurn(pool));
        all.put("invoke-all", new InvokedTogether(pool));
        all.put("recursive-task", new Recursive());
        all.put("transfer-queue", new Transferred());
        all.put("copy-on-write", new Copied());
        all.put("computed-once", new ComputedOnce());
        return all;
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
    }

    /** Not safe by itself. */
    private static final class Job {
        private int input;
        private int output;
        private final List<String> log = new ArrayList<>();

        void run() {
            log.add("run");
            output += input;
        }

        int done() {
            log.add("done");
            return output++;
        }
    }

    private static Job job(int input) {
        Job job = new Job();
        job.input = input;
        return job;
    }

    private static final class Timed implements Idiom {
        private final Timer timer = new Timer(true);

        @Override
        public void step(int thread) throws InterruptedException {
            Job job = job(thread);
            CountDownLatch over = new CountDownLatch(1);
            timer.schedule(
                    new TimerTask() {
                        @Override
                        public void run() {
                            job.run();
                            over.countDown();
                        }
                    },
                    1);
            over.await();
            job.done();
        }
    }

    private static final class Scheduled implements Idiom {
        private final ScheduledExecutorService pool = Executors.newScheduledThreadPool(2, Services::daemon);

        @Override
        public void step(int thread) throws Exception {
            Job job = job(thread);
            pool.schedule(job::run, 1, TimeUnit.MILLISECONDS).get();
            job.done();
        }
    }

    private static final class Subscribed implements Idiom {
        private final SubmissionPublisher<Job> publisher = new SubmissionPublisher<>();
        private int seen; // of the subscriber, which is called by one thread at a time

        Subscribed() {
            publisher.subscribe(new Flow.Subscriber<>() {
                private Flow.@Nullable Subscription subscription;

                @Override
                public void onSubscribe(Flow.Subscription given) {
                    subscription = given;
                    given.request(1);
                }

                @Override
                public void onNext(Job job) {
                    job.run();
                    seen++;
                    if (subscription != null) {
                        subscription.request(1);
                    }
                }

                @Override
                public void onError(Throwable why) {
                    seen = -1;
                }

                @Override
                public void onComplete() {
                    seen = 0;
                }
            });
        }

        @Override
        public void step(int thread) throws InterruptedException {
            publisher.submit(job(thread));
            Thread.sleep(1);
        }
    }

    private static final class CompletedInTurn implements Idiom {
        private final ExecutorService pool;

        CompletedInTurn(ExecutorService pool) {
            this.pool = pool;
        }

        @Override
        public void step(int thread) throws Exception {
            ExecutorCompletionService<Job> service = new ExecutorCompletionService<>(pool);
            for (int i = 0; i < 2; i++) {
                Job job = job(i);
                service.submit(job::run, job);
            }
            service.take().get().done();
            service.take().get().done();
            Thread.sleep(1);
        }
    }

    private static final class InvokedTogether implements Idiom {
        private final ExecutorService pool;

        InvokedTogether(ExecutorService pool) {
            this.pool = pool;
        }

        @Override
        public void step(int thread) throws Exception {
            List<Job> jobs = List.of(job(1), job(2));
            List<Callable<Integer>> tasks = List.of(() -> run(jobs.get(0)), () -> run(jobs.get(1)));
            for (Future<Integer> each : pool.invokeAll(tasks)) {
                each.get();
            }
            jobs.forEach(Job::done);
            Thread.sleep(1);
        }

        private static int run(Job job) {
            job.run();
            return job.output;
        }
    }

    private static final class Recursive implements Idiom {
        private static final class Total extends RecursiveTask<int[]> {
            private static final long serialVersionUID = 1;
            private final int size;
            private int calls;

            Total(int size) {
                this.size = size;
            }

            @Override
            protected int[] compute() {
                calls++;
                if (size == 1) {
                    return new int[] {1};
                }
                Total left = new Total(size / 2);
                Total right = new Total(size / 2);
                left.fork();
                int[] sum = right.compute();
                sum[0] += left.join()[0];
                calls += left.calls + right.calls;
                return sum;
            }
        }

        @Override
        public void step(int thread) throws InterruptedException {
            Total total = new Total(16);
            if (total.invoke()[0] != 16 || total.calls != 31) {
                throw new IllegalStateException("calls " + total.calls);
            }
            Thread.sleep(1);
        }
    }

    private static final class Transferred implements Idiom {
        private final LinkedTransferQueue<Job> queue = new LinkedTransferQueue<>();

        @Override
        public void step(int thread) throws InterruptedException {
            if (thread == 0) {
                Job job = job(thread);
                queue.tryTransfer(job, 1, TimeUnit.MILLISECONDS);
            } else {
                Job job = queue.poll(1, TimeUnit.MILLISECONDS);
                if (job != null) {
                    job.run();
                    job.done();
                }
            }
        }
    }

    private static final class Copied implements Idiom {
        private final List<Job> jobs = new CopyOnWriteArrayList<>();

        @Override
        public void step(int thread) {
            if (thread == 0) {
                Job job = job(1);
                job.run();
                jobs.add(job);
                if (jobs.size() > 10) {
                    jobs.clear();
                }
            } else {
                int sum = 0;
                for (Job each : jobs) {
                    sum += each.output + each.log.size();
                }
                if (sum < 0) {
                    throw new IllegalStateException();
                }
            }
        }
    }

    private static final class ComputedOnce implements Idiom {
        private final Map<Integer, Job> jobs = new ConcurrentHashMap<>();

        @Override
        public void step(int thread) {
            Job job = jobs.computeIfAbsent(1, key -> {
                Job made = job(key);
                made.run();
                return made;
            });
            if (job.output != 1 || job.log.size() != 1) {
                throw new IllegalStateException();
            }
            if (thread == 0) {
                jobs.remove(1);
            }
        }
    }
}
