// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo.eventloopvsthreads;

import io.lockjam.demo.Stage;
import io.lockjam.demo.VirtualThreads;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.LongAdder;

/** Serves each connection with a thread of its own, platform or virtual. */
final class ThreadServer implements ChatServer {
    private final String name;
    private final ServerSocket server;
    private final ThreadFactory threads;
    private final boolean platform;
    private final LongAdder started = new LongAdder();

    private ThreadServer(Stage stage, String name, ThreadFactory threads, boolean platform) throws IOException {
        this.name = name;
        this.threads = threads;
        this.platform = platform;
        server = stage.closing(new ServerSocket(0, 200, InetAddress.getLoopbackAddress()));
        stage.loop(name + "-accept", this::accept);
    }

    static ThreadServer platform(Stage stage) throws IOException {
        return new ThreadServer(stage, "threads", stage.named("chat"), true);
    }

    /** With platform threads where Java has no virtual ones. */
    static ThreadServer virtual(Stage stage) throws IOException {
        ThreadFactory virtual = VirtualThreads.named("chat").orElseGet(() -> stage.named("chat"));
        return new ThreadServer(stage, "virtual-threads", virtual, false);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public SocketAddress address() {
        return server.getLocalSocketAddress();
    }

    @Override
    public long threadsStarted() {
        return platform ? started.sum() : 0;
    }

    private void accept() throws IOException {
        Socket connection = server.accept();
        connection.setTcpNoDelay(true);
        started.increment();
        threads.newThread(() -> serve(connection)).start();
    }

    private static void serve(Socket connection) {
        try (connection) {
            for (int message = read(connection); message >= 0; message = read(connection)) {
                connection.getOutputStream().write(message);
            }
        } catch (IOException gone) {
            // the client hung up
        }
    }

    private static int read(Socket connection) throws IOException {
        return connection.getInputStream().read();
    }
}
