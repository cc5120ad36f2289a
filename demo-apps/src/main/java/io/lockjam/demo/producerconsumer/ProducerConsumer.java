// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo.producerconsumer;

import io.lockjam.demo.Stage;
import io.lockjam.demo.WaitTotal;
import io.lockjam.demo.Work;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.LongAdder;

/**
 * A warehouse as two bounded queues: four clerks put orders, one picker takes them and puts parcels, six packers take
 * those. The clerks wait for room, the packers for work.
 *
 * <p>Lockjam reports: queue-backlog on {@code ProducerConsumer.orders}, put in {@code accept}, taken in {@code pick}; and
 * queue-starved on {@code ProducerConsumer.parcels}, taken in {@code pack}. The cure: six pickers and two packers.
 */
public final class ProducerConsumer {
    private static final int CLERKS = 4;

    private final BlockingQueue<Integer> orders = new ArrayBlockingQueue<>(20);
    private final BlockingQueue<Integer> parcels = new ArrayBlockingQueue<>(20);
    private final LongAdder packed = new LongAdder();
    private final WaitTotal waited = new WaitTotal();

    private ProducerConsumer() {}

    public static void run(Stage stage) throws InterruptedException {
        ProducerConsumer warehouse = new ProducerConsumer();
        int pickers = stage.fixed() ? 6 : 1;
        int packers = stage.fixed() ? 2 : 6;
        stage.loops("clerk", CLERKS, warehouse::accept);
        stage.loops("picker", pickers, warehouse::pick);
        stage.loops("packer", packers, warehouse::pack);
        stage.report(
                () -> warehouse.packed + " parcels packed",
                "ms clerks waited for room this second",
                warehouse.waited::millisSinceLast);
    }

    private void accept() throws InterruptedException {
        Work.remoteCall(10);
        long begin = System.nanoTime();
        orders.put(1);
        waited.since(begin);
    }

    private void pick() throws InterruptedException {
        int order = orders.take();
        Work.remoteCall(10);
        parcels.put(order);
    }

    private void pack() throws InterruptedException {
        parcels.take();
        Work.remoteCall(4);
        packed.increment();
    }
}
