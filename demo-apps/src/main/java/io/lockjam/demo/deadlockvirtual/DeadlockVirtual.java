// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo.deadlockvirtual;

import io.lockjam.demo.Stage;
import io.lockjam.demo.Unavailable;
import io.lockjam.demo.VirtualThreads;
import io.lockjam.demo.Work;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Two virtual threads book a journey, each a flight and a hotel, in opposite orders. jstack and ThreadMXBean do not see
 * virtual threads, so nothing else says why the bookings stop.
 *
 * <p>Lockjam reports: deadlock of {@code booking-1} and {@code booking-2} on {@code DeadlockVirtual.flightLock} and
 * {@code DeadlockVirtual.hotelLock}, both in {@code DeadlockVirtual.book}. The cure: always the flight first. Needs Java
 * 21.
 */
public final class DeadlockVirtual {
    private final ReentrantLock flightLock = new ReentrantLock();
    private final ReentrantLock hotelLock = new ReentrantLock();
    private final LongAdder journeys = new LongAdder();
    private final AtomicInteger holdingOne = new AtomicInteger();

    private DeadlockVirtual() {}

    public static void run(Stage stage) throws InterruptedException, Unavailable {
        ThreadFactory virtual = VirtualThreads.required("booking");
        DeadlockVirtual agency = new DeadlockVirtual();
        virtual.newThread(() -> agency.bookAll(stage, agency.flightLock, agency.hotelLock))
                .start();
        if (stage.fixed()) {
            virtual.newThread(() -> agency.bookAll(stage, agency.flightLock, agency.hotelLock))
                    .start();
        } else {
            virtual.newThread(() -> agency.bookAll(stage, agency.hotelLock, agency.flightLock))
                    .start();
        }
        stage.report(() -> agency.journeys + " journeys booked", "bookings that wait for each other", () -> {
            int bookings = agency.holdingOne.get();
            return bookings == 2 ? bookings : 0;
        });
    }

    private void bookAll(Stage stage, ReentrantLock first, ReentrantLock second) {
        try {
            while (!stage.ended()) {
                book(first, second);
                Work.remoteCall(5);
            }
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }

    private void book(ReentrantLock first, ReentrantLock second) {
        first.lock();
        try {
            holdingOne.incrementAndGet();
            Work.compute(200);
            second.lock();
            try {
                holdingOne.decrementAndGet();
                journeys.increment();
            } finally {
                second.unlock();
            }
        } finally {
            first.unlock();
        }
    }
}
