// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.TimerTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A timer's queue tells its tasks, without a timer behind it. */
class TimerHooksTest {
    private static final long HOUR = TimeUnit.HOURS.toNanos(1);

    private Object queue = new Object();

    @BeforeEach
    void on() throws ReflectiveOperationException {
        Constructor<?> empty = Class.forName("java.util.TaskQueue").getDeclaredConstructor();
        empty.setAccessible(true);
        queue = empty.newInstance();
        Hooks.install();
        Hooks.clear();
        Hooks.enable(true);
    }

    @AfterEach
    void off() {
        Hooks.enable(false);
        Hooks.clear();
    }

    /** A task that was due an hour ago is the first in the queue. */
    private void due(TimerTask task, int state) throws ReflectiveOperationException {
        set(task, "state", state);
        set(task, "nextExecutionTime", System.currentTimeMillis() - TimeUnit.HOURS.toMillis(1));
        call("clear");
        call("add", task);
    }

    private void runs(TimerTask task) throws ReflectiveOperationException {
        due(task, 1); // TimerTask.SCHEDULED
        TimerHooks.starts(queue, true);
        TimerHooks.asks(queue);
    }

    private PoolRow row() {
        PoolHooks.POOLS.sample();
        return Rows.flushed().pools.get(0);
    }

    @Test
    void aTaskIsAsLateAsTheClockSays() throws ReflectiveOperationException {
        runs(task());

        PoolRow row = row();
        assertThat(row.poolClassName()).isEqualTo("java.util.Timer");
        assertThat(row.type()).isEqualTo("scheduled");
        assertThat(row.poolName()).isEqualTo(PoolAccess.pattern(Thread.currentThread()));
        assertThat(row.size()).isOne();
        assertThat(row.completions()).isOne();
        assertThat(row.timed()).isOne();
        assertThat(row.queueTime()).isGreaterThanOrEqualTo(HOUR);
        assertThat(Hooks.status().faults()).isZero();
    }

    @Test
    void itIsBusyWhileATaskRuns() throws ReflectiveOperationException {
        due(task(), 1);
        TimerHooks.starts(queue, true);
        assertThat(row()).satisfies(row -> {
            assertThat(row.busy()).isOne();
            assertThat(row.queueDepth()).isZero(); // though a task that repeats is in the queue
        });
        TimerHooks.asks(queue);
        TimerHooks.asks(queue);
        assertThat(row()).satisfies(row -> {
            assertThat(row.busy()).isZero();
            assertThat(row.completions()).isOne();
        });
    }

    @Test
    void aTaskThatFellDueWhileItRanItselfIsLateByItsOwnFault() throws ReflectiveOperationException {
        TimerTask task = task();
        runs(task);
        row();
        runs(task);
        assertThat(row().queueTime()).isLessThan(HOUR);

        runs(task());
        assertThat(row().queueTime()).isGreaterThanOrEqualTo(HOUR);
    }

    @Test
    void aCancelledTaskThatIsTakenOutDoesNotRun() throws ReflectiveOperationException {
        runs(task());
        row();
        due(task(), 3); // TimerTask.CANCELLED
        TimerHooks.starts(queue, false);
        assertThat(row().busy()).isZero();
    }

    private static TimerTask task() {
        return new TimerTask() {
            @Override
            public void run() {}
        };
    }

    private static void set(TimerTask task, String name, Object value) throws ReflectiveOperationException {
        Field field = TimerTask.class.getDeclaredField(name);
        field.setAccessible(true);
        field.set(task, value);
    }

    private void call(String name, TimerTask... tasks) throws ReflectiveOperationException {
        Method method = tasks.length == 0
                ? queue.getClass().getDeclaredMethod(name)
                : queue.getClass().getDeclaredMethod(name, TimerTask.class);
        method.setAccessible(true);
        method.invoke(queue, (Object[]) tasks);
    }
}
