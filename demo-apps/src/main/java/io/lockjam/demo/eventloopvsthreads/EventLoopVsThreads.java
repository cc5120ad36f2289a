// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo.eventloopvsthreads;

import io.lockjam.demo.Stage;
import java.io.IOException;
import java.net.Socket;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * A chat server holds 600 connections, and 150 come and go each second. The broken one gives each connection a thread
 * that mostly sleeps; the fixed one serves all with one event loop, and with a virtual thread each where Java has them
 * (21).
 *
 * <p>Lockjam reports: thread-churn, threads {@code chat-*}, started in {@code ThreadServer.accept} (submitter). The cure:
 * {@code LoopServer}, one thread and a selector.
 */
public final class EventLoopVsThreads {
    private static final int CONNECTIONS = 150;
    private static final int NEW_PER_SECOND = 150;
    private static final int MESSAGES_PER_TURN = 8;

    private final ArrayDeque<Socket> open = new ArrayDeque<>();
    private final LongAdder messages = new LongAdder();

    private EventLoopVsThreads() {}

    public static void run(Stage stage) throws InterruptedException, IOException {
        if (!stage.fixed()) {
            compare(stage, ThreadServer.platform(stage));
        } else if (Runtime.version().feature() < 21) {
            compare(stage, LoopServer.start(stage));
        } else {
            compare(stage, LoopServer.start(stage), ThreadServer.virtual(stage));
        }
    }

    /** Gives each server its own clients and says what each has done. */
    private static void compare(Stage stage, ChatServer... servers) throws InterruptedException {
        EventLoopVsThreads[] clients = new EventLoopVsThreads[servers.length];
        for (int i = 0; i < servers.length; i++) {
            ChatServer server = servers[i];
            EventLoopVsThreads crowd = new EventLoopVsThreads();
            clients[i] = crowd;
            stage.loop("clients-of-" + server.name(), () -> crowd.turn(server, servers.length));
        }
        stage.report(
                () -> {
                    StringBuilder line = new StringBuilder();
                    for (int i = 0; i < servers.length; i++) {
                        line.append(i == 0 ? "" : ", ")
                                .append(servers[i].name())
                                .append(' ')
                                .append(clients[i].messages)
                                .append(" messages");
                    }
                    return line.toString();
                },
                "platform threads started for connections so far",
                () -> {
                    long threads = 0;
                    for (ChatServer server : servers) {
                        threads += server.threadsStarted();
                    }
                    return threads;
                });
    }

    /** Opens a connection, closes the oldest, and sends messages on some in between. */
    private void turn(ChatServer server, int shares) throws IOException, InterruptedException {
        Socket line = new Socket();
        line.setSoLinger(true, 0); // no port is kept after the close
        line.setTcpNoDelay(true);
        line.connect(server.address());
        open.add(line);
        if (open.size() > CONNECTIONS / shares) {
            open.remove().close();
        }
        for (int i = 0; i < MESSAGES_PER_TURN; i++) {
            Socket speaker = open.remove();
            speaker.getOutputStream().write(1);
            messages.add(speaker.getInputStream().read());
            open.add(speaker);
        }
        TimeUnit.MILLISECONDS.sleep(1_000L * shares / NEW_PER_SECOND);
    }
}
