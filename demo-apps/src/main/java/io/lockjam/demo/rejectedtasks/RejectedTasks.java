// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo.rejectedtasks;

import io.lockjam.demo.Arrivals;
import io.lockjam.demo.RemoteTask;
import io.lockjam.demo.Stage;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * A pool of two threads with room for one waiting booking gets 80 bookings a second of 20 ms; they come in clusters, and
 * the pool refuses about one in six.
 *
 * <p>Lockjam reports: pool-rejections, pool {@code booking-*}, refused in {@code RejectedTasks.book} (submitter). The
 * cure: a third thread and room for a hundred to wait.
 */
public final class RejectedTasks {
    private final ThreadPoolExecutor bookings;
    private final Arrivals guests = new Arrivals(80);
    private final LongAdder booked = new LongAdder();
    private final LongAdder refused = new LongAdder();

    private RejectedTasks(Stage stage) {
        int threads = stage.fixed() ? 3 : 2;
        int room = stage.fixed() ? 100 : 1;
        bookings = stage.pool(new ThreadPoolExecutor(
                threads,
                threads,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(room),
                stage.named("booking"),
                new ThreadPoolExecutor.AbortPolicy()));
    }

    public static void run(Stage stage) throws InterruptedException {
        RejectedTasks hotel = new RejectedTasks(stage);
        stage.loop("guests", hotel::book);
        stage.report(() -> hotel.booked + " rooms booked", "bookings refused so far", hotel.refused::sum);
    }

    private void book() throws InterruptedException {
        guests.await();
        try {
            bookings.execute(new RemoteTask(20, booked));
        } catch (RejectedExecutionException full) {
            refused.increment();
        }
    }
}
