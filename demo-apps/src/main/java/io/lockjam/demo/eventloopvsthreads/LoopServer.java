// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo.eventloopvsthreads;

import io.lockjam.demo.Stage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** Serves all connections with one thread and a selector. */
final class LoopServer implements ChatServer {
    private final Selector selector;
    private final ServerSocketChannel server;
    private final SocketAddress address;
    private final ByteBuffer message = ByteBuffer.allocate(64);

    private LoopServer(Stage stage) throws IOException {
        selector = stage.closing(Selector.open());
        server = stage.closing(ServerSocketChannel.open());
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 200);
        address = server.getLocalAddress();
        server.configureBlocking(false);
        server.register(selector, SelectionKey.OP_ACCEPT);
    }

    static LoopServer start(Stage stage) throws IOException {
        LoopServer loop = new LoopServer(stage);
        stage.loop("chat-loop", loop::turn);
        return loop;
    }

    @Override
    public String name() {
        return "loop";
    }

    @Override
    public SocketAddress address() {
        return address;
    }

    @Override
    public long threadsStarted() {
        return 0;
    }

    private void turn() throws IOException {
        selector.select(1_000);
        for (SelectionKey key : selector.selectedKeys()) {
            if (key.isAcceptable()) {
                SocketChannel connection = server.accept();
                connection.configureBlocking(false);
                connection.setOption(StandardSocketOptions.TCP_NODELAY, true);
                connection.register(selector, SelectionKey.OP_READ);
            } else {
                echo((SocketChannel) key.channel());
            }
        }
        selector.selectedKeys().clear();
    }

    private void echo(SocketChannel connection) throws IOException {
        try {
            message.clear();
            if (connection.read(message) < 0) {
                connection.close();
            } else {
                connection.write(message.flip());
            }
        } catch (IOException gone) {
            connection.close(); // the client hung up
        }
    }
}
