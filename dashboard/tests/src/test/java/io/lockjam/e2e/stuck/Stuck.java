// SPDX-License-Identifier: Apache-2.0
package io.lockjam.e2e.stuck;

/** Faults that stand still, each beside a sound twin, in one program. The threads of the twins are called {@code sound-…}. */
public final class Stuck {
    private static final long LONG_MILLIS = 120_000;
    private static final long SHORT_MILLIS = 200;

    private Stuck() {}

    public static void main(String[] arguments) throws InterruptedException {
        NeverRun.start();
        LongTask.start();
        MissingPart.start();
        SlowPart.start();
        MissingCount.start();
        SlowCount.start();
        DrainedQueue.start();
        SlowProducer.start();
        OwnEnd.start();
        OtherEnd.start();
        CrossedPermits.start();
        OrderedPermits.start();
        LongHold.start();
        LoneHold.start();
        SlowClass.start();
        LoneClass.start();
        SlowCleaner.start();
        Children.start();
        LateSignal.start();
        ForgottenSignal.start();
        System.gc();
        System.out.println("stuck");
        sleep();
    }

    static void sleep() {
        sleep(LONG_MILLIS);
    }

    static void moment() {
        sleep(SHORT_MILLIS);
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
        }
    }
}
