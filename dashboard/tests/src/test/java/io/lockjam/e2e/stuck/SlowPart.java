// SPDX-License-Identifier: Apache-2.0
package io.lockjam.e2e.stuck;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A join of results, one of which takes long. */
final class SlowPart {
    private SlowPart() {}

    static void start() {
        new Thread(SlowPart::load, "sound-page").start();
    }

    private static void load() {
        ExecutorService pool = Executors.newFixedThreadPool(2);
        CompletableFuture<String> head = CompletableFuture.supplyAsync(() -> "head", pool);
        CompletableFuture<String> body = new CompletableFuture<>();
        pool.execute(() -> body.complete(read()));
        CompletableFuture.allOf(head, body).join();
    }

    private static String read() {
        Stuck.sleep();
        return "body";
    }
}
