// SPDX-License-Identifier: Apache-2.0
package io.lockjam.e2e;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URL;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/** A small web service and its clients, all on loopback, whose handlers take turns; the target beside another agent. */
public final class Requests {
    private static final ReentrantLock LOCK = new ReentrantLock();
    private static final AtomicLong SERVED = new AtomicLong();

    private Requests() {}

    /** Runs until it is ended. */
    public static void main(String[] arguments) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        ExecutorService handlers = Executors.newFixedThreadPool(3);
        server.setExecutor(handlers);
        server.createContext("/", exchange -> {
            handle();
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
        URL url = new URL("http", "127.0.0.1", server.getAddress().getPort(), "/");
        for (int i = 0; i < 3; i++) {
            Thread client = new Thread(() -> ask(url), "client-" + i);
            client.start();
        }
        while (true) {
            Thread.sleep(500);
            System.out.println("served " + SERVED.get());
        }
    }

    private static void handle() {
        LOCK.lock();
        try {
            TimeUnit.MILLISECONDS.sleep(5);
            SERVED.incrementAndGet();
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
        } finally {
            LOCK.unlock();
        }
    }

    private static void ask(URL url) {
        while (true) {
            try {
                HttpURLConnection connection = (HttpURLConnection) url.openConnection();
                try (InputStream answer = connection.getInputStream()) {
                    answer.readAllBytes();
                }
                TimeUnit.MILLISECONDS.sleep(1);
            } catch (IOException | InterruptedException ending) {
                return;
            }
        }
    }
}
