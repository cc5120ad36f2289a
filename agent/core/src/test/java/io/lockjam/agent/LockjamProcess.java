// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import io.lockjam.control.AgentState;
import io.lockjam.control.ClassBytes;
import io.lockjam.control.Connection;
import io.lockjam.control.FactRow;
import io.lockjam.control.Frame;
import io.lockjam.control.Hello;
import io.lockjam.control.PayloadReader;
import io.lockjam.control.PayloadWriter;
import io.lockjam.control.Verb;
import io.lockjam.control.WeaveOutcome;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/** Plays the lockjam process for an agent under test: accepts one connection after the other and weaves. */
@SuppressWarnings("NullAway") // no connection before accept(): a test that forgets it fails
final class LockjamProcess implements AutoCloseable {
    static final String TOKEN = "0123456789abcdef";
    private static final long PATIENCE_MILLIS = 30_000;

    final Path folder = Files.createTempDirectory("lj");
    final Queue<FactRow> facts = new ConcurrentLinkedQueue<>();
    final Queue<String> said = new ConcurrentLinkedQueue<>();
    private final URLClassLoader loader;
    private final BiFunction<String, byte[], byte[]> weaver;
    private final BiFunction<Function<String, byte[]>, byte[], byte[]> prober;
    private final List<String> types;
    private ServerSocketChannel server;
    private Connection connection;

    @SuppressWarnings("unchecked") // the weaver's own declaration
    LockjamProcess(Path agentJar) throws Exception {
        Path jar = folder.resolve("weaver.jar");
        try (JarFile agent = new JarFile(agentJar.toFile());
                InputStream in = agent.getInputStream(agent.getEntry("META-INF/lockjam/weaver.jar"))) {
            Files.copy(in, jar);
        }
        loader = new URLClassLoader(new URL[] {jar.toUri().toURL()}, LockjamProcess.class.getClassLoader());
        Class<?> type = loader.loadClass("io.lockjam.weave.Weaver");
        types = (List<String>) type.getMethod("types").invoke(null);
        weaver = (BiFunction<String, byte[], byte[]>) type.getConstructor().newInstance();
        prober =
                (BiFunction<Function<String, byte[]>, byte[], byte[]>) loader.loadClass("io.lockjam.weave.InsideProber")
                        .getConstructor(Predicate.class)
                        .newInstance((Object) null);
        listen("s");
    }

    String socket() throws IOException {
        return ((UnixDomainSocketAddress) server.getLocalAddress()).getPath().toString();
    }

    List<String> types() {
        return types;
    }

    void listen(String name) throws IOException {
        if (server != null) {
            server.close();
        }
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(folder.resolve(name)));
    }

    /** Waits for the agent to call and serves it on a thread of its own. */
    Hello accept() throws Exception {
        connection = Connection.over(server.accept());
        Frame frame = connection.poll(PATIENCE_MILLIS);
        if (frame == null || frame.verb() != Verb.HELLO) {
            throw new IOException("expected HELLO, got " + frame);
        }
        Hello hello = Hello.read(frame.read());
        connection.reply(frame, PayloadWriter.EMPTY);
        Connection served = connection;
        Thread thread = new Thread(() -> serve(served));
        thread.setDaemon(true);
        thread.start();
        return hello;
    }

    private void serve(Connection served) {
        try {
            while (true) {
                Frame frame = served.poll(1_000);
                if (frame != null) {
                    answer(served, frame);
                }
            }
        } catch (IOException ended) {
            // by either side
        }
    }

    private void answer(Connection served, Frame frame) throws IOException {
        if (frame.verb() == Verb.BYTES) {
            ClassBytes given = ClassBytes.read(frame.read());
            byte[] woven = weaver.apply(given.name(), given.bytes());
            served.reply(frame, new PayloadWriter().bytes(woven).done());
        } else if (frame.verb() == Verb.PROBE_BYTES) {
            byte[] probed =
                    prober.apply(name -> null, ClassBytes.read(frame.read()).bytes());
            served.reply(frame, new PayloadWriter().bytes(probed).done());
        } else if (frame.verb() == Verb.FACTS) {
            PayloadReader in = frame.read();
            int count = in.integer();
            for (int i = 0; i < count; i++) {
                facts.add(FactRow.read(in));
            }
        } else if (frame.verb() == Verb.FAULT) {
            said.add(frame.read().text());
        }
    }

    WeaveOutcome weave() throws IOException {
        byte[] names = new PayloadWriter().texts(types).done();
        return WeaveOutcome.read(connection.request(Verb.WEAVE, names, PATIENCE_MILLIS));
    }

    AgentState state() throws IOException {
        return AgentState.read(connection.request(Verb.STATUS, PayloadWriter.EMPTY, PATIENCE_MILLIS));
    }

    WeaveOutcome leave() throws IOException {
        return WeaveOutcome.read(connection.request(Verb.LEAVE, PayloadWriter.EMPTY, PATIENCE_MILLIS));
    }

    PayloadReader ask(Verb verb, PayloadWriter payload) throws IOException {
        return connection.request(verb, payload.done(), PATIENCE_MILLIS);
    }

    void hangUp() {
        connection.close();
    }

    @Override
    public void close() throws IOException {
        if (connection != null) {
            connection.close();
        }
        server.close();
        loader.close();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
