// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import io.lockjam.boot.QueueHooks;
import io.lockjam.control.WeaveOutcome;
import java.lang.instrument.Instrumentation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes queues known that nobody waits at, such as one that only grows: for some moments the queues of the JDK tell of each use.
 *
 * <p>A transformer of its own, behind the one of the hooks, which stay in meanwhile.
 */
final class QueueSearch {
    private static final List<String> TYPES = List.of(
            "java/util/concurrent/ArrayBlockingQueue",
            "java/util/concurrent/LinkedBlockingQueue",
            "java/util/concurrent/LinkedBlockingDeque",
            "java/util/concurrent/LinkedTransferQueue",
            "java/util/concurrent/PriorityBlockingQueue",
            "java/util/concurrent/DelayQueue");

    private final Instrumentation instrumentation;
    private final Faults faults;
    private @Nullable Weaving weaving;

    QueueSearch(Instrumentation instrumentation, Faults faults) {
        this.instrumentation = instrumentation;
        this.faults = faults;
    }

    synchronized WeaveOutcome begin(WeaveService weaver) {
        end();
        Weaving search = new Weaving(instrumentation, faults);
        weaving = search;
        QueueHooks.search(true);
        return search.weave(
                TYPES, (name, loader, original) -> weaver.weave(QueueHooks.SEARCH + name, loader, original));
    }

    /** The queues have their bytes from before again. */
    synchronized WeaveOutcome end() {
        QueueHooks.search(false);
        Weaving search = weaving;
        WeaveOutcome outcome = search == null ? new WeaveOutcome(List.of(), List.of(), 0) : search.end();
        weaving = null; // not if the heap was too full for it: then it is tried again
        return outcome;
    }
}
