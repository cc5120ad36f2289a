// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import static net.bytebuddy.matcher.ElementMatchers.named;
import static net.bytebuddy.matcher.ElementMatchers.takesArguments;

import java.util.List;

/** The slow path of synchronisers with a long for their state. */
final class LongQueuedSynchronizerWeave implements TypeWeave {
    @Override
    public String type() {
        return "java.util.concurrent.locks.AbstractQueuedLongSynchronizer";
    }

    @Override
    public List<Advised> advised() {
        // final int acquire(Node, arg, boolean shared, boolean interruptible, boolean timed, long time): same in 17 and
        // 25
        return List.of(new Advised(named("acquire").and(takesArguments(6)), AcquireAdvice.class));
    }
}
