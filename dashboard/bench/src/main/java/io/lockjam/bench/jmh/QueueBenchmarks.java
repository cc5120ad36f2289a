// SPDX-License-Identifier: Apache-2.0
package io.lockjam.bench.jmh;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A put and a take that do not wait. */
@State(Scope.Thread)
public class QueueBenchmarks {
    private final BlockingQueue<QueueBenchmarks> linked = new LinkedBlockingQueue<>();
    private final BlockingQueue<QueueBenchmarks> array = new ArrayBlockingQueue<>(16);

    @Benchmark
    public QueueBenchmarks linkedBlockingQueue() throws InterruptedException {
        linked.put(this);
        return linked.take();
    }

    @Benchmark
    public QueueBenchmarks arrayBlockingQueue() throws InterruptedException {
        array.put(this);
        return array.take();
    }
}
