// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an application with probes gets to see of their faults. */
final class ProbeTest {
    private static final int STACK = 256 << 10;
    private static final int TURNS = 200;
    private static final String OURS = ProbeTest.class.getPackageName();

    private final ReentrantLock lock = new ReentrantLock();
    private final Set<String> thrown = new TreeSet<>();

    @BeforeEach
    void arm() {
        Traps.preload(false);
        Traps.arm();
    }

    @AfterEach
    void disarm() {
        Traps.disarm();
        Switches.faulted = false;
        Switches.clearFaults();
    }

    /** Only the probe's own first frame may not fit: then nothing of the application does. */
    @Test
    void atTheEndOfAStackNothingIsThrownFromWithinAProbe() throws InterruptedException {
        Thread deep = new Thread(null, this::overflow, "deep", STACK);
        deep.start();
        deep.join();

        assertThat(thrown).isNotEmpty().isSubsetOf("", "Probe", "LockProbe");
        Traps.next();
        assertThat(Switches.faults()).as("counted later").isPositive();
    }

    private void overflow() {
        for (int i = 0; i < TURNS; i++) {
            try {
                descend(i % 7);
            } catch (StackOverflowError end) {
                note(end);
            }
        }
    }

    private int descend(int by) {
        LockProbe.monitor(this, "here");
        Probe.step(lock, this, "com.acme.Map.put", 3 | Use.WRITES);
        Probe.call(this, "Map.get", 1);
        LockProbe.release(this);
        return by == 0 ? descend(0) : wider(by, by, by, by);
    }

    private int wider(long one, long two, long three, int by) {
        return (int) (one + two + three) + descend(by - 1);
    }

    private void note(StackOverflowError end) {
        StackTraceElement[] frames = end.getStackTrace();
        String top = frames.length == 0 ? "" : frames[0].getClassName();
        boolean probe = top.startsWith(OURS + ".") && !top.equals(ProbeTest.class.getName());
        thrown.add(probe ? top.substring(OURS.length() + 1) : "");
    }
}
