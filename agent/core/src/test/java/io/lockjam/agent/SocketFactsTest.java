// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockjam.control.Connection;
import io.lockjam.control.FactRow;
import io.lockjam.control.Frame;
import io.lockjam.control.PayloadReader;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SocketFactsTest {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void aRowThatBreaksOffHalfWaySpoilsNoneThatFollow() throws Exception {
        Path socket = folder.resolve("s");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            try (Connection agent = Connection.dial(socket.toString());
                    Connection lockjam = Connection.over(server.accept())) {
                SocketFacts facts = new SocketFacts(() -> agent, new ThreadAccess());
                Row odd = new Row("odd").put("first", 1L).put("second", List.of("nothing that is sent"));
                assertThatThrownBy(() -> facts.put(odd)).isInstanceOf(IllegalArgumentException.class);
                facts.put(new Row("sound").put("value", 7L));
                facts.flush();

                Frame frame = Objects.requireNonNull(lockjam.poll(10_000));
                PayloadReader in = frame.read();
                assertThat(in.integer()).isEqualTo(1);
                FactRow row = FactRow.read(in);
                assertThat(row.event()).isEqualTo("sound");
                assertThat(row.fields()).containsEntry("value", 7L);
                assertThat(facts.takeDropped()).isEqualTo(1);
            }
        }
    }
}
