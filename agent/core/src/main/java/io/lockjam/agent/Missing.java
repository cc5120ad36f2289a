// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import io.lockjam.boot.Waits;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Phaser;
import java.util.concurrent.locks.AbstractQueuedSynchronizer;
import org.jspecify.annotations.Nullable;

/** Reads how many counts or parties a latch or phaser still waits for, without a lock and without code of the application. */
final class Missing {
    static final int UNKNOWN = -1;

    private final @Nullable MethodHandle count;
    private final @Nullable MethodHandle unarrived;

    Missing(Faults faults) {
        count = own(AbstractQueuedSynchronizer.class, "getState", faults);
        unarrived = own(Phaser.class, "getUnarrivedParties", faults);
    }

    int of(WaitReader.Subject subject) throws Throwable {
        Object blocker = subject.blocker();
        boolean counted = subject.lockClass().equals(CountDownLatch.class.getName());
        if (counted && count != null && blocker instanceof AbstractQueuedSynchronizer) {
            return (int) count.invoke(blocker);
        }
        if (unarrived != null && blocker != null && Waits.subject(blocker) instanceof Phaser phaser) {
            return (int) unarrived.invoke(phaser);
        }
        return UNKNOWN;
    }

    /** The method as this class has it, whatever a subclass makes of it. */
    private static @Nullable MethodHandle own(Class<?> type, String name, Faults faults) {
        try {
            return MethodHandles.privateLookupIn(type, MethodHandles.lookup())
                    .findSpecial(type, name, MethodType.methodType(int.class), type);
        } catch (ReflectiveOperationException | RuntimeException otherJdk) {
            faults.caught("counts of latches and phasers", otherJdk);
            return null;
        }
    }
}
