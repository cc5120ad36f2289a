// SPDX-License-Identifier: Apache-2.0
package io.lockjam.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@SuppressWarnings("NullAway") // a frame that does not come fails the test
class FrameReaderTest {
    @Test
    void readsWhatWasWrittenHoweverItIsCut() throws ProtocolException {
        byte[] payload = new PayloadWriter().text("ä").number(7).done();
        byte[] wire = new Frame(Verb.STATUS, 42, payload).encode().array();
        FrameReader reader = new FrameReader();
        for (int i = 0; i < wire.length; i++) {
            assertThat(reader.next()).isNull();
            reader.feed(ByteBuffer.wrap(wire, i, 1));
        }
        Frame frame = reader.next();
        assertThat(frame).isNotNull();
        assertThat(frame.verb()).isEqualTo(Verb.STATUS);
        assertThat(frame.id()).isEqualTo(42);
        PayloadReader in = frame.read();
        assertThat(in.text()).isEqualTo("ä");
        assertThat(in.number()).isEqualTo(7);
        assertThat(reader.next()).isNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 4, Frame.LIMIT + 1, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void refusesLengthsThatCannotBe(int length) {
        FrameReader reader = new FrameReader();
        reader.feed(ByteBuffer.allocate(4).putInt(length).flip());
        assertThatThrownBy(reader::next)
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining(Integer.toString(length));
    }

    @Test
    void refusesAVerbThatIsNone() {
        FrameReader reader = new FrameReader();
        reader.feed(ByteBuffer.allocate(9).putInt(5).put((byte) 99).putInt(0).flip());
        assertThatThrownBy(reader::next).isInstanceOf(ProtocolException.class).hasMessageContaining("99");
    }

    @ParameterizedTest
    @ValueSource(ints = {-2, 5, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void refusesTextsLongerThanTheirPayload(int length) {
        byte[] payload = ByteBuffer.allocate(8).putInt(length).array();
        assertThatThrownBy(() -> new PayloadReader(payload).text()).isInstanceOf(ProtocolException.class);
        assertThatThrownBy(() -> new PayloadReader(payload).texts()).isInstanceOf(ProtocolException.class);
    }

    @Test
    void refusesAPayloadThatIsTooLong() {
        Frame frame = new Frame(Verb.CLASS, 1, new byte[Frame.LIMIT]);
        assertThatThrownBy(frame::encode).isInstanceOf(ProtocolException.class);
    }

    @Test
    void carriesAFactWithEveryTypeOfField() throws ProtocolException {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("text", "lock");
        fields.put("integer", 3);
        fields.put("number", 4L);
        fields.put("real", 0.5);
        fields.put("flag", true);
        fields.put("thread", new ThreadRow(9, "worker", false));
        fields.put("none", null);
        FactRow fact = new FactRow("lockjam.WaitNow", 123, fields);
        PayloadWriter out = new PayloadWriter();
        fact.write(out);
        assertThat(FactRow.read(new PayloadReader(out.done()))).isEqualTo(fact);
    }

    @Test
    void carriesEveryMessageThereAndBack() throws ProtocolException {
        Hello hello = new Hello(2, "t", "v", 5, "17", "deep", true, false, true, false, "/r");
        assertThat(Hello.read(new PayloadReader(hello.write()))).isEqualTo(hello);
        WeaveOutcome outcome = new WeaveOutcome(List.of("a/B"), List.of("c/D: no"), 9);
        assertThat(WeaveOutcome.read(new PayloadReader(outcome.write()))).isEqualTo(outcome);
        AgentState state = new AgentState(true, "light", List.of("a/B"), 1, "x", 2, "/r", true, "");
        assertThat(AgentState.read(new PayloadReader(state.write()))).isEqualTo(state);
    }
}
