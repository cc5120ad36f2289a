// SPDX-License-Identifier: Apache-2.0
package io.lockjam.attach;

import io.lockjam.control.ClassBytes;
import io.lockjam.control.Connection;
import io.lockjam.control.FactRow;
import io.lockjam.control.Frame;
import io.lockjam.control.Hello;
import io.lockjam.control.PayloadReader;
import io.lockjam.control.PayloadWriter;
import io.lockjam.control.ProtocolException;
import io.lockjam.control.Verb;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The listening end of the control connection: a Unix-domain socket in the session folder, one agent at a time, known
 * by a token that is new for each session.
 */
final class ControlServer implements AutoCloseable {
    private static final int HELLO_MILLIS = 5_000;
    private static final int POLL_MILLIS = 1_000;

    /** What the agent says of its own accord. Called from the reading thread: must not ask the agent anything. */
    interface Handler {
        /** A connection with the right token; asking is allowed from other threads from now on. */
        void greeted(Hello hello, Connection connection);

        /** Null leaves the class as it is. */
        byte @Nullable [] weave(ClassBytes original);

        /** A class of the application that is to get probes; null leaves it as it is. */
        byte @Nullable [] probe(ClassBytes original);

        void facts(List<FactRow> rows);

        void said(String text);

        /** The connection is over, whoever ended it. */
        void ended(Connection connection);
    }

    private final SessionFolder folder;
    private final Handler handler;
    private final String name = "s" + Long.toHexString(new SecureRandom().nextLong());
    private final String token;
    private final ServerSocketChannel server;
    private volatile @Nullable Connection current;

    private ControlServer(SessionFolder folder, Handler handler, ServerSocketChannel server) {
        this.folder = folder;
        this.handler = handler;
        this.server = server;
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        token = HexFormat.of().formatHex(secret);
    }

    /** Binds a socket in {@code folder} and starts serving. */
    static ControlServer start(SessionFolder folder, Handler handler) throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        ControlServer server = new ControlServer(folder, handler, channel);
        try {
            channel.bind(UnixDomainSocketAddress.of(folder.outer().resolve(server.name)));
            folder.handOver(server.name);
        } catch (IOException | RuntimeException failed) {
            server.close();
            throw failed;
        }
        Thread thread = new Thread(server::serve, "lockjam-control");
        thread.setDaemon(true);
        thread.start();
        return server;
    }

    /** The socket as the target names it. */
    String innerSocket() {
        return folder.inner().resolve(name).toString();
    }

    String token() {
        return token;
    }

    @Override
    public void close() throws IOException {
        Connection open = current;
        if (open != null) {
            open.close();
        }
        server.close();
        folder.delete(name);
    }

    private void serve() {
        while (server.isOpen()) {
            try (Connection connection = Connection.over(accept())) {
                current = connection;
                serve(connection);
            } catch (IOException | RuntimeException over) {
                current = null; // the next one may come; a closed server ends the loop
            }
        }
    }

    private SocketChannel accept() throws IOException {
        SocketChannel channel = server.accept();
        if (channel == null) {
            throw new IOException("nobody there");
        }
        return channel;
    }

    private void serve(Connection connection) throws IOException {
        Frame first = connection.poll(HELLO_MILLIS);
        if (first == null || first.verb() != Verb.HELLO) {
            return;
        }
        Hello hello = Hello.read(first.read());
        if (hello.protocol() != Hello.PROTOCOL || !known(hello.token())) {
            connection.refuse(first, "wrong token or protocol");
            connection.drain(POLL_MILLIS);
            return;
        }
        connection.reply(first, PayloadWriter.EMPTY);
        handler.greeted(hello, connection);
        try {
            while (true) {
                Frame frame = connection.poll(POLL_MILLIS);
                if (frame != null) {
                    answer(connection, frame);
                }
            }
        } finally {
            handler.ended(connection);
        }
    }

    private boolean known(String offered) {
        return MessageDigest.isEqual(offered.getBytes(StandardCharsets.UTF_8), token.getBytes(StandardCharsets.UTF_8));
    }

    private void answer(Connection connection, Frame frame) throws IOException {
        if (frame.verb() == Verb.BYTES || frame.verb() == Verb.PROBE_BYTES) {
            weave(connection, frame);
        } else if (frame.verb() == Verb.FACTS) {
            handler.facts(rows(frame.read()));
        } else if (frame.verb() == Verb.FAULT) {
            handler.said(frame.read().text());
        } else {
            throw new ProtocolException("the agent does not say " + frame.verb());
        }
    }

    /** A class that cannot be woven is left as it is: the agent goes on with the others. */
    private void weave(Connection connection, Frame frame) throws IOException {
        ClassBytes original = ClassBytes.read(frame.read());
        byte @Nullable [] woven;
        try {
            woven = frame.verb() == Verb.BYTES ? handler.weave(original) : handler.probe(original);
        } catch (RuntimeException | LinkageError fault) {
            connection.refuse(frame, String.valueOf(fault.getMessage()));
            return;
        }
        connection.reply(frame, new PayloadWriter().bytes(woven).done());
    }

    private static List<FactRow> rows(PayloadReader in) throws ProtocolException {
        int count = in.integer();
        List<FactRow> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rows.add(FactRow.read(in));
        }
        return rows;
    }
}
