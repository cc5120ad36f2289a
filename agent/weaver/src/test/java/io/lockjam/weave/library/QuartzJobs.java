// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave.library;

import java.util.Properties;
import java.util.concurrent.Executor;
import org.quartz.DateBuilder;
import org.quartz.Job;
import org.quartz.JobBuilder;
import org.quartz.JobDataMap;
import org.quartz.JobExecutionContext;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.TriggerBuilder;
import org.quartz.impl.StdSchedulerFactory;
import org.quartz.simpl.RAMJobStore;
import org.quartz.simpl.SimpleThreadPool;

/** A scheduler of two threads whose jobs were all due half a minute ago, which is no misfire yet. */
public final class QuartzJobs implements Executor {
    private static final int LATE_SECONDS = 30;
    private static final String TASK = "task";

    private final Scheduler scheduler;

    public QuartzJobs() throws SchedulerException {
        Properties settings = new Properties();
        settings.put("org.quartz.scheduler.instanceName", "Shop");
        settings.put("org.quartz.threadPool.class", SimpleThreadPool.class.getName());
        settings.put("org.quartz.threadPool.threadCount", "2");
        settings.put("org.quartz.threadPool.makeThreadsDaemons", "true");
        settings.put("org.quartz.scheduler.makeSchedulerThreadDaemon", "true");
        settings.put("org.quartz.jobStore.class", RAMJobStore.class.getName());
        settings.put("org.quartz.jobStore.misfireThreshold", "600000"); // ms
        Thread current = Thread.currentThread();
        ClassLoader before = current.getContextClassLoader();
        current.setContextClassLoader(getClass().getClassLoader()); // Quartz loads its own classes by it
        try {
            scheduler = new StdSchedulerFactory(settings).getScheduler();
        } finally {
            current.setContextClassLoader(before);
        }
        scheduler.start();
    }

    /** Runs what it is given. */
    public static final class Task implements Job {
        @Override
        public void execute(JobExecutionContext context) {
            if (context.getMergedJobDataMap().get(TASK) instanceof Runnable task) {
                task.run();
            }
        }
    }

    @Override
    public void execute(Runnable task) {
        JobDataMap data = new JobDataMap();
        data.put(TASK, task);
        try {
            scheduler.scheduleJob(
                    JobBuilder.newJob(Task.class).setJobData(data).build(),
                    TriggerBuilder.newTrigger()
                            .startAt(DateBuilder.futureDate(-LATE_SECONDS, DateBuilder.IntervalUnit.SECOND))
                            .build());
        } catch (SchedulerException refused) {
            throw new IllegalStateException(refused);
        }
    }
}
