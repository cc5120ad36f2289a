// SPDX-License-Identifier: Apache-2.0
package io.lockjam.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway") // a frame that does not come fails the test
class ConnectionTest {
    private static final long PATIENCE = 30_000;

    @TempDir
    private Path folder;

    private Connection agent;
    private SocketChannel raw; // the other end

    @BeforeEach
    void connect() throws IOException {
        Path socket = folder.resolve("s");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            agent = Connection.dial(socket.toString());
            raw = server.accept();
        }
    }

    @AfterEach
    void disconnect() throws IOException {
        agent.close();
        raw.close();
    }

    @Test
    void answersComeBackToWhoAsked() throws Exception {
        try (Connection dashboard = Connection.over(raw)) {
            CompletableFuture<Void> serving = CompletableFuture.runAsync(() -> echo(dashboard, 3));
            for (String text : new String[] {"a", "b", "c"}) {
                byte[] question = new PayloadWriter().text(text).done();
                assertThat(agent.request(Verb.BYTES, question, PATIENCE).text()).isEqualTo(text);
            }
            serving.join();
        }
    }

    @Test
    void aQuestionBackIsAnsweredWhileOneIsOpen() throws Exception {
        try (Connection dashboard = Connection.over(raw)) {
            CompletableFuture<Void> weaving = CompletableFuture.runAsync(() -> weave(agent));
            CompletableFuture<Void> serving = new CompletableFuture<>();
            Thread reader = new Thread(() -> {
                echo(dashboard, 1);
                serving.complete(null);
                pollOnce(dashboard);
            });
            reader.setDaemon(true);
            reader.start();
            assertThat(dashboard
                            .request(Verb.WEAVE, PayloadWriter.EMPTY, PATIENCE)
                            .text())
                    .isEqualTo("woven X");
            serving.join();
            weaving.join();
        }
    }

    @Test
    void aRefusalLeavesTheConnectionOpen() throws Exception {
        try (Connection dashboard = Connection.over(raw)) {
            CompletableFuture<Void> serving = CompletableFuture.runAsync(() -> {
                refuse(dashboard);
                echo(dashboard, 1);
            });
            assertThatThrownBy(() -> agent.request(Verb.BYTES, PayloadWriter.EMPTY, PATIENCE))
                    .isInstanceOf(RefusedException.class)
                    .hasMessage("no");
            assertThat(agent.request(Verb.BYTES, new PayloadWriter().text("x").done(), PATIENCE)
                            .text())
                    .isEqualTo("x");
            serving.join();
        }
    }

    @Test
    void theEndIsSaidInWordsToWhoeverAsks() throws Exception {
        CompletableFuture<Throwable> asking = CompletableFuture.supplyAsync(
                () -> catchThrowable(() -> agent.request(Verb.STATUS, PayloadWriter.EMPTY, PATIENCE)));
        raw.read(ByteBuffer.allocate(1)); // it waits for an answer
        agent.close();

        assertThat(asking.join()).isInstanceOf(IOException.class).hasMessage("the connection has ended");
        assertThatThrownBy(() -> agent.request(Verb.STATUS, PayloadWriter.EMPTY, PATIENCE))
                .hasMessage("the connection has ended");
    }

    @Test
    void aPeerThatSaysNonsenseIsLeft() throws Exception {
        raw.write(ByteBuffer.allocate(4).putInt(-5).flip());
        assertThatThrownBy(() -> agent.poll(PATIENCE)).isInstanceOf(ProtocolException.class);
        assertThatThrownBy(() -> agent.send(Verb.FAULT, PayloadWriter.EMPTY)).isInstanceOf(IOException.class);
    }

    @Test
    void aPeerThatGoesEndsTheWaitForItsAnswer() throws Exception {
        raw.close();
        assertThatThrownBy(() -> agent.request(Verb.BYTES, PayloadWriter.EMPTY, PATIENCE))
                .isInstanceOf(IOException.class);
    }

    @Test
    void whatAPeerSaidBeforeItWentIsHeard() throws Exception {
        raw.write(new Frame(Verb.FACTS, 0, PayloadWriter.EMPTY).encode());
        raw.write(new Frame(Verb.REPLY, 1, new PayloadWriter().text("done").done()).encode());
        raw.shutdownOutput();
        assertThat(agent.request(Verb.LEAVE, PayloadWriter.EMPTY, PATIENCE).text())
                .isEqualTo("done");
        assertThat(agent.poll(PATIENCE).verb()).isEqualTo(Verb.FACTS);
        assertThatThrownBy(() -> agent.poll(PATIENCE)).isInstanceOf(IOException.class);
    }

    @Test
    void aPeerThatDoesNotReadCostsNoMoreThanTheLimit() throws IOException {
        byte[] facts = new byte[1 << 20];
        int taken = 0;
        while (agent.offerFacts(facts)) {
            taken++;
            assertThat(taken).isLessThan(64);
        }
        assertThat(taken).isPositive();
    }

    private static void echo(Connection connection, int times) {
        try {
            for (int i = 0; i < times; i++) {
                Frame frame = connection.poll(PATIENCE);
                connection.reply(frame, frame.payload());
            }
        } catch (IOException unexpected) {
            throw new IllegalStateException(unexpected);
        }
    }

    private static void pollOnce(Connection connection) {
        try {
            connection.poll(PATIENCE);
        } catch (IOException ended) {
            // as it should
        }
    }

    private static void refuse(Connection connection) {
        try {
            connection.refuse(connection.poll(PATIENCE), "no");
        } catch (IOException unexpected) {
            throw new IllegalStateException(unexpected);
        }
    }

    private static void weave(Connection agent) {
        try {
            Frame request = agent.poll(PATIENCE);
            byte[] question = new PayloadWriter().text("X").done();
            String woven = agent.request(Verb.BYTES, question, PATIENCE).text();
            agent.reply(request, new PayloadWriter().text("woven " + woven).done());
        } catch (IOException unexpected) {
            throw new IllegalStateException(unexpected);
        }
    }
}
