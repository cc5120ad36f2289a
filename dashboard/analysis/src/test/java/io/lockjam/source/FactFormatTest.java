// SPDX-License-Identifier: Apache-2.0
package io.lockjam.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockjam.model.Fact;
import io.lockjam.model.Frame;
import io.lockjam.model.Histogram;
import io.lockjam.model.LockRef;
import io.lockjam.model.PoolSamples;
import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import io.lockjam.model.WaitKind;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The binary form of facts: what is written is read, and hostile bytes end in an exception. */
class FactFormatTest {
    private static final Instant AT = Instant.parse("2026-11-23T05:00:00.123456789Z");
    private static final Duration TOOK = Duration.ofMillis(3);
    private static final LockRef LOCK = new LockRef("java.util.concurrent.locks.ReentrantLock", "7f3a");
    private static final ThreadRef ONE = new ThreadRef(21, "worker-1", false, 4712);
    private static final ThreadRef TWO = new ThreadRef(22, "", true, -1);
    private static final Stack STACK = new Stack(List.of(
            new Frame("com.acme.Cache", "put", "()V", "Cache.java", 42, 7),
            new Frame("com.acme.Main", "main", null, null, -1, -1)));
    private static final Histogram TIMES = Histogram.of(100, 2_000, 2_100);

    @Test
    void readsEveryTypeOfFactAsItWasWritten() throws IOException {
        List<Fact> facts = everyType();
        assertThat(facts.stream().map(Object::getClass).distinct()).hasSize(Fact.class.getPermittedSubclasses().length);

        // twice: the second time from the tables
        List<Fact> twice = new ArrayList<>(facts);
        twice.addAll(facts);

        assertThat(read(written(twice)))
                .usingRecursiveFieldByFieldElementComparator()
                .isEqualTo(twice);
    }

    @Test
    void forgetsItsTablesBeforeTheyGrowTooLarge() throws IOException {
        List<Fact> many = new ArrayList<>();
        for (int i = 0; i < 3 * Wire.TABLE_SIZE; i++) {
            many.add(new Fact.ThreadEnded(AT.plusNanos(i), new ThreadRef(i, "t-" + i, false, i)));
        }

        assertThat(read(written(many))).isEqualTo(many);
    }

    @Test
    void refusesAnotherVersionAndAnotherFormat() {
        assertThatThrownBy(() -> read(new byte[] {'L', 'J', 'F', 99})).isInstanceOf(FormatException.class);
        assertThatThrownBy(() -> read("hello world".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(FormatException.class);
    }

    @Test
    void refusesALengthThatNoBytesFollow() {
        // a gap whose reason claims to be as long as an int can say
        byte[] claim = {'L', 'J', 'F', 1, Wire.GAP, 0, 0, Wire.INLINE, -1, -1, -1, -1, 7};

        assertThatThrownBy(() -> read(claim))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("limit");
    }

    @Test
    void endsInAnExceptionOfItsOwnWhateverTheBytes() throws IOException {
        byte[] good = written(everyType());
        Random random = new Random(4711);
        for (int round = 0; round < 20_000; round++) {
            byte[] bad = Arrays.copyOf(good, 5 + random.nextInt(good.length - 5));
            for (int i = 0; i < 4; i++) {
                bad[4 + random.nextInt(bad.length - 4)] = (byte) random.nextInt(256);
            }
            try {
                read(bad);
            } catch (IOException expected) {
                // FormatException or EOFException; anything else fails the test
            }
        }
    }

    private static List<Fact> everyType() {
        Fact.Access access = new Fact.Access(ONE, true, null, STACK, List.of("a", "b"));
        return List.of(
                new Fact.WaitEnded(AT, TOOK, WaitKind.LOCK, LOCK, ONE, TWO, null, STACK, 3, false, true),
                new Fact.LockTotals(AT, TOOK, WaitKind.READ, LOCK, 9, TOOK, TOOK, TIMES, 2, TOOK, TOOK, 4, true),
                new Fact.QueueTotals(AT, TOOK, LOCK, -1, 5, 1, TOOK, TIMES, 2, TOOK, TIMES, TOOK, null),
                new Fact.WaitingNow(AT, 7, ONE, 8, WaitKind.MONITOR, LOCK, TWO, TOOK, true, 2, 3),
                new Fact.StackSeen(AT, ONE, "owner", LOCK, "RUNNABLE", STACK),
                new Fact.VirtualSeen(AT, ONE, "WAITING", STACK),
                new Fact.ThreadStates(AT, 7, Map.of(21L, 'B'), Map.of(21L, "worker-1"), -1, 0, 1),
                new Fact.Activity(AT, TOOK, ONE, Fact.ActivityKind.SOCKET_READ, STACK, "db:5432"),
                new Fact.Activity(AT, TOOK, ONE, Fact.ActivityKind.PINNED, STACK, null, TWO),
                new Fact.Pause(AT, TOOK, "GC: Pause"),
                new Fact.LoopTurn(AT, TOOK, ONE, 12),
                new Fact.ThreadStarted(AT, ONE, null, STACK),
                new Fact.ThreadEnded(AT, ONE),
                new Fact.PoolTotals(
                        AT,
                        TOOK,
                        "c",
                        "1",
                        null,
                        "threads",
                        1,
                        2,
                        3,
                        4,
                        TOOK,
                        5,
                        6,
                        7,
                        8,
                        9,
                        10,
                        TOOK,
                        TOOK,
                        1.5,
                        TOOK,
                        TOOK,
                        TIMES,
                        TIMES,
                        11,
                        new PoolSamples(5, Duration.ofMillis(998), 17, 4, 12.5, 2),
                        null),
                new Fact.PoolTotals(
                        AT,
                        TOOK,
                        "c",
                        "1",
                        null,
                        "slots",
                        1,
                        2,
                        3,
                        4,
                        TOOK,
                        5,
                        6,
                        7,
                        8,
                        9,
                        10,
                        TOOK,
                        TOOK,
                        1.5,
                        TOOK,
                        TOOK,
                        TIMES,
                        TIMES,
                        11,
                        PoolSamples.NONE,
                        new Fact.SlotUse("worker-1", TOOK, STACK)),
                new Fact.TaskSubmitted(AT, ONE, "1", "com.acme.Task", 5, STACK),
                new Fact.Named(AT, "com.acme.Cache.put()V@7", "com.acme.Cache.lock"),
                new Fact.RaceSeen(AT, "com.acme.Cache.n", "field", "caught", "1", access, access, "1", null),
                new Fact.LockOrderSeen(AT, ONE, LOCK, "here", LOCK, STACK, List.of("1"), false),
                new Fact.OsUsage(AT, TOOK, List.of(new Fact.OsThread(4712, 1, 2, -1, -1)), -1, 1.5),
                new Fact.ThreadCpu(AT, ONE, 0.5, 0.25),
                new Fact.CpuLoad(AT, 0.5, 0.75),
                new Fact.ChildStands(AT, 4711, "convert", "errors", Duration.ofSeconds(7)),
                new Fact.SwitchRate(AT, 1000.5),
                new Fact.AgentStatus(
                        AT, TOOK, TOOK, TOOK, 1, 2, 3, 4, "light", "0.1", 4711, "Main", "17.0.15", 2, List.of(12L)),
                new Fact.JvmSeen(
                        AT,
                        4711,
                        "com.acme.Main",
                        "17.0.15",
                        2,
                        AT.minusSeconds(7).toEpochMilli()),
                new Fact.Gap(AT, TOOK, "lost", -1));
    }

    private static byte[] written(List<Fact> facts) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        FactWriter writer = new FactWriter(new DataOutputStream(bytes));
        for (Fact fact : facts) {
            writer.write(fact);
        }
        writer.end();
        return bytes.toByteArray();
    }

    private static List<Fact> read(byte[] bytes) throws IOException {
        FactReader reader = new FactReader(new ByteArrayInputStream(bytes));
        List<Fact> facts = new ArrayList<>();
        while (true) {
            Message message = reader.next();
            if (message instanceof Message.FactMessage carried) {
                facts.add(carried.fact());
            } else if (message instanceof Message.End || message instanceof Message.Unreadable) {
                return facts;
            }
        }
    }
}
