// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.lockjam.window.Range;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** One rule that fails is not the end of the others. */
final class RuleFaultTest {
    private static final Rule<String> ODD = new Rule<>() {
        @Override
        public Kind kind() {
            return Kind.DEADLOCK;
        }

        @Override
        public Verdict check(String part, Situation all) {
            throw new IllegalStateException("odd");
        }
    };

    private final Situation all =
            Situation.of(new Story().session, new Range(Instant.EPOCH, Instant.EPOCH.plusSeconds(1)));

    @Test
    void aFaultIsWhatIsMissing() {
        assertThat(RuleFault.check(ODD, "part", all, false))
                .isInstanceOfSatisfying(Verdict.NotEnoughData.class, missing -> {
                    assertThat(missing.kind()).isEqualTo(Kind.DEADLOCK);
                    assertThat(missing.missing())
                            .startsWith("a rule failed, which is a fault of Lockjam: "
                                    + "java.lang.IllegalStateException: odd at io.lockjam.finding.RuleFaultTest");
                    assertThat(RuleFault.is(missing)).isTrue();
                });
    }

    @Test
    void testsSeeTheFaultItself() {
        assertThatIllegalStateException().isThrownBy(() -> RuleFault.check(ODD, "part", all));
    }
}
