// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ClassInitTest {
    private final Thread first = new Thread("first");
    private final Thread second = new Thread("second");
    private final Thread third = new Thread("third");

    @Test
    void twoThatInitialiseClassesWaitForEachOther() {
        List<Edge> edges = ClassInit.edges(
                List.of(stuck(first, "com.acme.A.<clinit> com.acme.Main.a"), stuck(second, "com.acme.B.<clinit>")));
        assertThat(edges).hasSize(2);
        assertThat(edges.get(0).waiter()).isSameAs(first);
        assertThat(edges.get(0).owner()).isSameAs(second);
        assertThat(edges.get(0).lockClass()).isEqualTo("com.acme.B");
        assertThat(edges.get(0).kind()).isEqualTo("class-init");
        assertThat(edges.get(1).owner()).isSameAs(first);
        assertThat(edges.get(1).lockClass()).isEqualTo("com.acme.A");
    }

    @Test
    void oneAloneMayJustBeSlow() {
        assertThat(ClassInit.edges(List.of(stuck(first, "com.acme.A.<clinit>"), stuck(second, "com.acme.Main.spin"))))
                .isEmpty();
    }

    @Test
    void whoStandsStillBesideADeadlockWaitsForItToo() {
        List<Edge> edges = ClassInit.edges(List.of(
                stuck(first, "com.acme.A.<clinit>"),
                stuck(second, "com.acme.B.<clinit>"),
                stuck(third, "com.acme.Main.use")));
        assertThat(edges).hasSize(3);
        assertThat(edges.get(2).waiter()).isSameAs(third);
    }

    @Test
    void whoStandsMayWaitForOneThatIsNotStuck() {
        assertThat(ClassInit.standing(List.of(
                        stuck(first, "com.acme.A.<clinit>"),
                        stuck(second, "com.acme.Main.use"),
                        stuck(
                                third,
                                "java.lang.ref.Reference.waitForReferencePendingList java.lang.ref.Reference$1.run"))))
                .extracting(ClassInit.Stuck::thread)
                .containsExactly(second);
    }

    @Test
    void theReferenceHandlerWaitsForWork() {
        List<Edge> edges = ClassInit.edges(List.of(
                stuck(first, "com.acme.A.<clinit>"),
                stuck(second, "com.acme.B.<clinit>"),
                stuck(third, "java.lang.ref.Reference.waitForReferencePendingList java.lang.ref.Reference$1.run")));
        assertThat(edges).hasSize(2);
    }

    @Test
    void theClassBegunFirstIsNamed() {
        ClassInit.Stuck nested = stuck(first, "com.acme.Inner.<clinit> com.acme.Outer.<clinit> com.acme.Main.run");
        assertThat(nested.initialises()).isEqualTo("com.acme.Outer");
    }

    private static ClassInit.Stuck stuck(Thread thread, String frames) {
        return new ClassInit.Stuck(thread, 1, 0, IdleRuleTest.frames(frames));
    }
}
