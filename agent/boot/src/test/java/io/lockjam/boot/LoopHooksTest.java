// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.event.LoopTurnEvent;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoopHooksTest {
    /** Longer than a busy machine keeps a thread from its core: such turns are told as well. */
    private static final long LONG_MILLIS = 400;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path folder;

    private final Recording recording = new Recording();

    @BeforeEach
    void begin() {
        recording.enable(LoopTurnEvent.NAME);
        recording.start();
        Hooks.clear();
        Switches.events = true;
        Hooks.enable(true);
    }

    @AfterEach
    void end() {
        Hooks.enable(false);
        Hooks.clear();
        recording.close();
    }

    @Test
    void tellsLongTurnsAndCountsShortOnes() throws Exception {
        LoopHooks.beforeWait(); // nothing is known of the time before
        for (int i = 0; i < 5; i++) {
            LoopHooks.afterWait();
            LoopHooks.beforeWait();
        }
        LoopHooks.afterWait();
        pass(LONG_MILLIS);
        LoopHooks.beforeWait();
        LoopHooks.beforeWait(); // a wait inside a wait ends no turn
        pass(LONG_MILLIS);

        assertThat(turns()).hasSize(1);
        assertThat(all().stream().mapToLong(turn -> turn.getLong("turns")).sum())
                .isEqualTo(6);
    }

    @Test
    void aPoolOfOneThreadIsALoopAndALargerOneIsNot() throws Exception {
        ThreadPoolExecutor one = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
        ThreadPoolExecutor two = (ThreadPoolExecutor) Executors.newFixedThreadPool(2);
        for (ThreadPoolExecutor pool : List.of(one, two)) {
            PoolHooks.beforeTask(pool);
            PoolHooks.afterTask(pool, pool);
            pass(LONG_MILLIS);
            PoolHooks.beforeTask(pool);
        }
        one.shutdown();
        two.shutdown();

        assertThat(turns()).hasSize(1);
    }

    @Test
    void findsALongTurnAmongManyShortOnes() throws Exception {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
        busy(pool);
        pass(LONG_MILLIS);
        busy(pool);

        assertThat(turns()).hasSize(1);
    }

    @Test
    void theWaitOfABusyPoolForItsNextTaskIsNoTurn() throws Exception {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
        busy(pool);
        PoolHooks.beforeTask(pool);
        LoopHooks.parks(Thread.currentThread(), System.nanoTime());
        pass(LONG_MILLIS);
        PoolHooks.afterTask(pool, pool);
        busy(pool);

        assertThat(turns()).isEmpty();
    }

    /** Many empty tasks without a wait between them. */
    private static void busy(ThreadPoolExecutor pool) {
        for (int i = 0; i < 10_000; i++) {
            PoolHooks.beforeTask(pool);
            PoolHooks.afterTask(pool, pool);
        }
    }

    private List<RecordedEvent> turns() throws Exception {
        return all().stream()
                .filter(turn -> turn.getDuration("held").toMillis() >= LONG_MILLIS)
                .toList();
    }

    private List<RecordedEvent> all() throws Exception {
        Path file = folder.resolve("turns.jfr");
        recording.dump(file);
        return RecordingFile.readAllEvents(file);
    }

    private static void pass(long millis) {
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < TimeUnit.MILLISECONDS.toNanos(millis)) {
            LockSupport.parkNanos(1_000_000);
        }
    }
}
