// SPDX-License-Identifier: Apache-2.0
package io.lockjam.attach;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class PerfDataTest {
    @Test
    void readsTextsInEitherByteOrder() throws IOException {
        for (ByteOrder order : new ByteOrder[] {ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN}) {
            PerfData data = PerfData.parse(file(order, "sun.rt.javaCommand", "com.acme.Main --port 80"));

            assertThat(data.command()).isEqualTo("com.acme.Main --port 80");
            assertThat(data.servesAttach()).isTrue();
        }
    }

    @Test
    void knowsAJvmThatServesNoAttach() throws IOException {
        assertThat(PerfData.parse(file(ByteOrder.LITTLE_ENDIAN, "sun.rt.jvmCapabilities", "0100"))
                        .servesAttach())
                .isFalse();
    }

    @Test
    void refusesWhatIsNotPerformanceDataOrNotFilledYet() {
        byte[] unfilled = file(ByteOrder.LITTLE_ENDIAN, "a", "b");
        unfilled[7] = 0;

        assertThatThrownBy(() -> PerfData.parse(new byte[100])).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> PerfData.parse(unfilled)).isInstanceOf(IOException.class);
    }

    @Test
    void damageNeverGivesMoreThanAnIoException() {
        byte[] whole = file(ByteOrder.LITTLE_ENDIAN, "sun.rt.javaCommand", "com.acme.Main");
        for (int at = 8; at < whole.length; at++) {
            byte[] damaged = whole.clone();
            damaged[at] = (byte) 0x7f;
            byte[] cut = Arrays.copyOf(whole, at);

            assertThatCode(() -> parse(damaged)).doesNotThrowAnyException();
            assertThatCode(() -> parse(cut)).doesNotThrowAnyException();
        }
    }

    private static void parse(byte[] content) {
        try {
            PerfData.parse(content);
        } catch (IOException refused) {
            assertThat(refused).hasMessageContaining("performance data");
        }
    }

    private static byte[] file(ByteOrder order, String name, String value) {
        byte[] key = (name + "\0").getBytes(StandardCharsets.UTF_8);
        byte[] text = (value + "\0").getBytes(StandardCharsets.UTF_8);
        ByteBuffer data = ByteBuffer.allocate(32 + 20 + key.length + text.length);
        data.putInt(0, 0xcafec0c0)
                .put(4, (byte) (order == ByteOrder.BIG_ENDIAN ? 0 : 1))
                .put(7, (byte) 1);
        data.order(order).putInt(24, 32).putInt(28, 1);
        data.putInt(32, 20 + key.length + text.length).putInt(36, 20).putInt(40, text.length);
        data.put(44, (byte) 'B').putInt(48, 20 + key.length);
        data.put(52, key).put(52 + key.length, text);
        return data.array();
    }
}
