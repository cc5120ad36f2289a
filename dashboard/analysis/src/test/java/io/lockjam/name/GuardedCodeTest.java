// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GuardedCodeTest {
    private final GuardedCode guarded = new GuardedCode(LookLoopTest::bytes);

    @ParameterizedTest
    @CsvSource({
        "Guarded, looksUp, true",
        "Guarded, copies, true",
        "Guarded, readsAndWritesAfterwards, true",
        "Guarded, counts, false",
        "Guarded, countsFurtherIn, false",
        "Guarded, puts, false",
        "Guarded, callsUnknown, false",
        "Guarded, keeps, false",
        "Guarded$Recent, looksUp, false"
    })
    void tellsWhetherAWriteLockIsTakenOnlyToRead(String name, String method, boolean onlyReads) {
        String type = "io.lockjam.name." + name;
        Frame inner =
                new Frame("java.util.concurrent.locks.ReentrantReadWriteLock$WriteLock", "lock", null, null, -1, -1);
        Frame taker = new Frame(type, method, null, "Guarded.java", TestCode.line(type, method, "lock"), -1);

        assertThat(guarded.onlyReads(new Stack(List.of(inner, taker)))).isEqualTo(onlyReads);
    }
}
