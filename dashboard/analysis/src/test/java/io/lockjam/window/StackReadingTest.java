// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StackReadingTest {
    @ParameterizedTest
    @CsvSource({
        "java.io.FileDescriptor.sync0 java.io.FileDescriptor.sync, RUNNABLE, WRITES_FILE",
        "java.io.UnixFileSystem.getBooleanAttributes0 java.io.File.exists, RUNNABLE, READS_FILE",
        "sun.nio.fs.UnixNativeDispatcher.stat0, RUNNABLE, READS_FILE",
        "sun.nio.fs.UnixNativeDispatcher.open0 java.nio.file.Files.writeString, RUNNABLE, OPENS_FILE",
        "sun.nio.ch.FileDispatcherImpl.lock0 sun.nio.ch.FileChannelImpl.lock, RUNNABLE, LOCKS_FILE",
        "java.net.Inet6AddressImpl.lookupAllHostAddr java.net.InetAddress.getByName, RUNNABLE, LOOKS_UP_HOST",
        "java.lang.ProcessImpl.forkAndExec java.lang.ProcessBuilder.start, RUNNABLE, WAITS_FOR_PROCESS",
        "java.util.concurrent.locks.AbstractQueuedSynchronizer.acquire java.util.concurrent.locks.ReentrantLock.lock, WAITING, WAITS_FOR_LOCK",
        "java.util.concurrent.locks.AbstractQueuedSynchronizer.acquire java.util.concurrent.CountDownLatch.await, WAITING, WAITS_FOR_SIGNAL",
        "java.lang.Object.wait0 java.lang.Object.wait java.lang.ProcessImpl.waitFor, WAITING, WAITS_FOR_PROCESS",
        "java.util.concurrent.CompletableFuture.get jdk.internal.net.http.HttpClientImpl.send com.acme.Shop.price, WAITING, WAITS_FOR_ANSWER",
        "java.util.concurrent.CompletableFuture.join com.acme.Shop.price, WAITING, WAITS_FOR_SIGNAL",
        "java.lang.Object.wait0 java.lang.Object.wait com.acme.Gate.pass java.lang.ProcessImpl.waitFor, WAITING, WAITS_FOR_SIGNAL",
        "com.acme.Mixer.mix com.acme.Worker.run, WAITING, RUNS",
        "sun.nio.ch.EPoll.wait sun.nio.ch.EPollSelectorImpl.doSelect com.acme.Loop.run, RUNNABLE, WAITS_FOR_WORK",
        "sun.nio.ch.EventFD.set0 sun.nio.ch.EPollSelectorImpl.wakeup com.acme.Loop.add, RUNNABLE, RUNS",
        "java.lang.Object.wait java.lang.ref.ReferenceQueue.remove java.lang.ref.Finalizer$FinalizerThread.run, WAITING, WAITS_FOR_WORK",
        "java.lang.ref.ReferenceQueue.poll java.util.WeakHashMap.size com.acme.Cache.size, RUNNABLE, RUNS",
    })
    void readsWhatAThreadDoesFromItsInnermostFrames(String frames, String state, Doing doing) {
        Stack stack = new Stack(Arrays.stream(frames.split(" "))
                .map(each -> new Frame(
                        each.substring(0, each.lastIndexOf('.')),
                        each.substring(each.lastIndexOf('.') + 1),
                        null,
                        null,
                        1,
                        -1))
                .toList());

        assertThat(StackReading.doing(stack, state)).isEqualTo(doing);
    }
}
