// SPDX-License-Identifier: Apache-2.0
package io.lockjam.bench.load;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** A closed loop: each thread sends its next request when the last one is answered. */
final class Load implements AutoCloseable {
    private final LongAdder operations = new LongAdder();
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean over;

    static Load start(Service service, int port, int threads) throws Exception {
        service.prepare(port);
        Load load = new Load();
        for (int i = 0; i < threads; i++) {
            Client client = service.open(port, i);
            Thread thread = new Thread(() -> load.run(client), "load-" + i);
            load.threads.add(thread);
            thread.start();
        }
        return load;
    }

    /** Requests answered so far. */
    long operations() {
        Exception failed = failure.get();
        if (failed != null) {
            throw new IllegalStateException("the load broke off", failed);
        }
        return operations.sum();
    }

    @Override
    public void close() {
        over = true;
        try {
            for (Thread each : threads) {
                each.join();
            }
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }

    private void run(Client client) {
        try (client) {
            while (!over) {
                client.call();
                operations.increment();
            }
        } catch (Exception failed) {
            failure.compareAndSet(null, failed);
        }
    }
}
