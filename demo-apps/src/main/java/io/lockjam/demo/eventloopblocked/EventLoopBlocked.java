// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo.eventloopblocked;

import io.lockjam.demo.ShopGuests;
import io.lockjam.demo.Stage;
import io.lockjam.demo.Work;
import io.lockjam.demo.Worst;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;

/**
 * One thread with a selector answers all connections of a shop. Three times a second somebody asks for a report, and the
 * loop itself calls the report service, 120 ms; every other request waits behind it.
 *
 * <p>Lockjam reports: event-loop-blocked, thread {@code shop-loop}, by {@code EventLoopBlocked.fetchReport} called in
 * {@code turn}. The cure: a worker thread calls, the loop goes on and sends the answer when it is there.
 */
public final class EventLoopBlocked {
    private final Selector selector;
    private final ServerSocketChannel server;
    private final ExecutorService workers;
    private final ConcurrentLinkedQueue<SocketChannel> reportsReady = new ConcurrentLinkedQueue<>();
    private final LongAdder answers = new LongAdder();
    private final boolean handOver;

    private EventLoopBlocked(Stage stage) throws IOException {
        handOver = stage.fixed();
        selector = stage.closing(Selector.open());
        server = stage.closing(ServerSocketChannel.open());
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        server.configureBlocking(false);
        server.register(selector, SelectionKey.OP_ACCEPT);
        workers = stage.pool(Executors.newFixedThreadPool(2, stage.named("report-worker")));
    }

    public static void run(Stage stage) throws InterruptedException, IOException {
        EventLoopBlocked shop = new EventLoopBlocked(stage);
        stage.loop("shop-loop", shop::turn);
        Worst slowest = ShopGuests.letIn(stage, shop.server.getLocalAddress());
        stage.report(() -> shop.answers + " answers", "slowest page this second, ms", slowest::millisSinceLast);
    }

    /** One turn of the loop: waits for requests and answers them. */
    private void turn() throws IOException, InterruptedException {
        selector.select(1_000);
        for (SelectionKey key : selector.selectedKeys()) {
            if (key.isAcceptable()) {
                SocketChannel connection = server.accept();
                connection.configureBlocking(false);
                connection.register(selector, SelectionKey.OP_READ);
            } else {
                answer((SocketChannel) key.channel());
            }
        }
        selector.selectedKeys().clear();
        for (SocketChannel asker = reportsReady.poll(); asker != null; asker = reportsReady.poll()) {
            send(asker, ShopGuests.REPORT);
        }
    }

    private void answer(SocketChannel connection) throws IOException, InterruptedException {
        ByteBuffer request = ByteBuffer.allocate(1);
        if (connection.read(request) != 1) {
            connection.close();
        } else if (request.get(0) == ShopGuests.PAGE) {
            send(connection, ShopGuests.PAGE);
        } else if (handOver) {
            workers.execute(() -> fetchForLater(connection));
        } else {
            fetchReport();
            send(connection, ShopGuests.REPORT);
        }
    }

    private static void fetchReport() throws InterruptedException {
        Work.remoteCall(120);
    }

    private void fetchForLater(SocketChannel asker) {
        try {
            fetchReport();
            reportsReady.add(asker);
            selector.wakeup();
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }

    private void send(SocketChannel connection, byte answer) throws IOException {
        connection.write(ByteBuffer.wrap(new byte[] {answer}));
        answers.increment();
    }
}
