// SPDX-License-Identifier: Apache-2.0
package io.lockjam.e2e.stuck;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A join of three results, one of which failed before it was given. */
final class MissingPart {
    private MissingPart() {}

    static void start() {
        new Thread(MissingPart::load, "part-page").start();
    }

    private static void load() {
        ExecutorService pool = Executors.newFixedThreadPool(2);
        CompletableFuture<String> head = CompletableFuture.supplyAsync(() -> "head", pool);
        CompletableFuture<String> body = new CompletableFuture<>();
        pool.execute(() -> body.complete(read()));
        CompletableFuture.allOf(head, body).join();
    }

    private static String read() {
        throw new IllegalArgumentException("no such page");
    }
}
