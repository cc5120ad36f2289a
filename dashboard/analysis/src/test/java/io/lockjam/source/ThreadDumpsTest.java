// SPDX-License-Identifier: Apache-2.0
package io.lockjam.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.lockjam.model.Fact;
import io.lockjam.model.WaitKind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Thread dumps as JDK 17 and 25 write them into recordings. */
class ThreadDumpsTest {
    private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");
    private static final String HEAD_17 =
            "#%1$d daemon prio=5 os_prio=0 cpu=1.52ms elapsed=3.01s tid=0x00007f1 nid=0x%2$x ";
    private static final String HEAD_25 =
            "#%1$d [%2$d] daemon prio=5 os_prio=0 cpu=1.52ms elapsed=3.01s tid=0x00007f1 nid=%2$d ";

    private final ThreadDumps dumps = new ThreadDumps(new Interner());

    @ParameterizedTest
    @ValueSource(strings = {HEAD_17, HEAD_25})
    void tellWhoWaitsForWhomAndSinceWhen(String head) {
        ThreadDumpText dump = ThreadDumpText.parse(text(head));
        dumps.facts(AT, dump);
        List<Fact> facts = dumps.facts(AT.plusSeconds(30), dump);

        List<Fact.WaitingNow> waits = Recordings.only(Fact.WaitingNow.class, facts);
        assertThat(waits).hasSize(2).allSatisfy(wait -> {
            assertThat(wait.snapshot()).isNegative();
            assertThat(wait.soFar()).isEqualTo(Duration.ofSeconds(30));
        });
        Fact.WaitingNow first = waits.get(0);
        assertThat(first.waiter().name()).isEqualTo("fir \"st");
        assertThat(first.waiter().id()).isEqualTo(31);
        assertThat(first.waiter().osId()).isEqualTo(4711);
        assertThat(first.kind()).isEqualTo(WaitKind.MONITOR);
        assertThat(first.lock().className()).isEqualTo("java.lang.Object");
        assertThat(first.owner()).isEqualTo(waits.get(1).waiter());
        Fact.WaitingNow second = waits.get(1);
        assertThat(second.kind()).isEqualTo(WaitKind.LOCK);
        assertThat(second.lock().className()).isEqualTo("java.util.concurrent.locks.ReentrantLock");
        assertThat(second.owner()).isEqualTo(first.waiter());
        assertThat(Recordings.only(Fact.StackSeen.class, facts))
                .anySatisfy(seen -> assertThat(seen.stack().site().orElseThrow().display())
                        .isEqualTo("Stuck.inverse(Stuck.java:21)"));
    }

    @Test
    void damageIsNoHarm() {
        String whole = text(HEAD_25);
        for (int cut = 0; cut < whole.length(); cut += 7) {
            String part = whole.substring(cut) + whole.substring(0, cut);
            assertThatCode(() -> dumps.facts(AT, ThreadDumpText.parse(part))).doesNotThrowAnyException();
        }
    }

    private static String text(String head) {
        return """
                2026-01-01 00:00:00
                Full thread dump OpenJDK 64-Bit Server VM (25.0.3+9-LTS mixed mode, sharing):

                Threads class SMR info:
                _java_thread_list=0x00007f16c4001e60, length=12, elements={
                0x00007f1734028d60
                }

                "fir "st" %s waiting for monitor entry  [0x00007f16e0afe000]
                   java.lang.Thread.State: BLOCKED (on object monitor)
                \tat com.acme.Stuck.order(Stuck.java:12)
                \t- waiting to lock <0x000000070e0f3a80> (a java.lang.Object)
                \tat com.acme.Stuck$$Lambda/0x00007f16a8001000.run(Unknown Source)
                \tat java.lang.Thread.run(java.base@25.0.3/Thread.java:1474)

                "second" %s waiting on condition  [0x00007f16e09fd000]
                   java.lang.Thread.State: WAITING (parking)
                \tat jdk.internal.misc.Unsafe.park(java.base@25.0.3/Native Method)
                \t- parking to wait for  <0x000000070e0f3ac0> (a java.util.concurrent.locks.ReentrantLock$NonfairSync)
                \tat java.util.concurrent.locks.LockSupport.park(java.base@25.0.3/LockSupport.java:223)
                \tat com.acme.Stuck.inverse(Stuck.java:21)
                \t- locked <0x000000070e0f3a80> (a java.lang.Object)

                "idle" %s in Object.wait()  [0x00007f16e08fc000]
                   java.lang.Thread.State: WAITING (on object monitor)
                \tat java.lang.Object.wait0(java.base@25.0.3/Native Method)
                \t- waiting on <0x000000070e0f3b00> (a java.lang.Object)

                "VM Thread" os_prio=0 cpu=1.00ms elapsed=3.01s tid=0x00007f17341b5db0 nid=4700 runnable

                Found one Java-level deadlock:
                =============================
                "fir "st":
                  waiting to lock monitor 0x00007f16ac002ca0 (object 0x000000070e0f3a80, a java.lang.Object),
                  which is held by "second"

                "second":
                  waiting for ownable synchronizer 0x000000070e0f3ac0, (a java.util.concurrent.locks.ReentrantLock$NonfairSync),
                  which is held by "fir "st"

                Java stack information for the threads listed above:
                ===================================================
                "second":
                \tat jdk.internal.misc.Unsafe.park(java.base@25.0.3/Native Method)

                Found 1 deadlock.
                """.formatted(head.formatted(31, 4711), head.formatted(32, 4712), head.formatted(33, 4713));
    }
}
