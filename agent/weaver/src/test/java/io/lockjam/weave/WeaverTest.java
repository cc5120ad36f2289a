// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.boot.QueueHooks;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.utility.OpenedClassReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WeaverTest {
    /** Every method that may differ from the JDK's, by type; all are paths on which a thread waits or a pool's task goes. */
    private static final String EXCHANGER = "java.util.concurrent.Exchanger";

    private static final Map<String, Set<String>> SLOW_PATHS = Map.ofEntries(
            Map.entry("java.util.concurrent.locks.LockSupport", Set.of("park", "parkNanos", "parkUntil", "unpark")),
            Map.entry("java.util.concurrent.locks.AbstractQueuedSynchronizer", Set.of("acquire")),
            Map.entry("java.util.concurrent.locks.AbstractQueuedLongSynchronizer", Set.of("acquire")),
            Map.entry("java.util.concurrent.locks.StampedLock", Set.of("acquireRead", "acquireWrite")),
            Map.entry("java.util.concurrent.CyclicBarrier", Set.of("dowait")),
            Map.entry(EXCHANGER, Set.of("slotExchange", "arenaExchange", "xchg")),
            Map.entry("java.util.concurrent.Phaser", Set.of("internalAwaitAdvance")),
            Map.entry("java.util.concurrent.ArrayBlockingQueue", Set.of("put", "offer", "take", "poll")),
            Map.entry("java.util.concurrent.LinkedBlockingQueue", Set.of("put", "offer", "take", "poll")),
            Map.entry(
                    "java.util.concurrent.LinkedBlockingDeque",
                    Set.of(
                            "putFirst",
                            "putLast",
                            "offerFirst",
                            "offerLast",
                            "takeFirst",
                            "takeLast",
                            "pollFirst",
                            "pollLast")),
            Map.entry("java.util.concurrent.PriorityBlockingQueue", Set.of("take", "poll")),
            Map.entry("java.util.concurrent.DelayQueue", Set.of("take", "poll")),
            Map.entry("java.util.concurrent.ScheduledThreadPoolExecutor$DelayedWorkQueue", Set.of("take", "poll")),
            Map.entry("java.util.concurrent.LinkedTransferQueue", Set.of("awaitMatch")),
            Map.entry("java.util.concurrent.LinkedTransferQueue$DualNode", Set.of("await")),
            Map.entry("java.util.concurrent.SynchronousQueue$TransferStack", Set.of("transfer")),
            Map.entry("java.util.concurrent.SynchronousQueue$TransferQueue", Set.of("transfer")),
            Map.entry("java.util.concurrent.ThreadPoolExecutor", Set.of("execute", "getTask", "addWorker", "reject")),
            Map.entry("java.util.concurrent.ScheduledThreadPoolExecutor", Set.of("delayedExecute")),
            Map.entry("java.util.TaskQueue", Set.of("add", "rescheduleMin", "removeMin", "isEmpty")),
            Map.entry("sun.nio.ch.SelectorImpl", Set.of("lockAndDoSelect")));

    static Stream<Jdks> jdks() {
        return Jdks.all();
    }

    @Test
    void knowsTheSlowPathsOfEveryType() {
        assertThat(Weaver.types().stream().filter(type -> type.startsWith("java.") || type.startsWith("sun.")))
                .containsExactlyInAnyOrderElementsOf(SLOW_PATHS.keySet());
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void changesTheSlowPathsAndNothingElse(Jdks jdk) throws IOException {
        for (String type : Weaver.types()) {
            byte[] original = jdk.read(type);
            byte[] woven = original == null ? null : Weaver.weave(type.replace('.', '/'), original);
            if (original != null && woven != null) {
                compare(type, ClassFile.of(original), ClassFile.of(woven));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void findsEverySlowPathThisJdkHas(Jdks jdk) throws IOException {
        Map<String, Set<String>> found = new TreeMap<>();
        for (String type : Weaver.types()) {
            byte[] original = jdk.read(type);
            byte[] woven = original == null ? null : Weaver.weave(type.replace('.', '/'), original);
            if (original != null && woven != null) {
                found.put(type, changed(ClassFile.of(original), ClassFile.of(woven)));
            }
        }
        Map<String, Set<String>> expected = new TreeMap<>(SLOW_PATHS);
        // the hand-offs: in the queues themselves, or in the node that both share
        boolean shared = found.containsKey("java.util.concurrent.LinkedTransferQueue$DualNode");
        expected.keySet().removeIf(type -> type.startsWith("java.util.concurrent.SynchronousQueue$") && shared);
        expected.remove("java.util.concurrent.LinkedTransferQueue" + (shared ? "" : "$DualNode"));
        expected.put(EXCHANGER, shared ? Set.of("xchg") : Set.of("slotExchange", "arenaExchange"));
        assertThat(found).isEqualTo(expected);
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void leavesWovenAndUnknownClassesAlone(Jdks jdk) throws IOException {
        String type = "java.util.concurrent.locks.LockSupport";
        byte[] original = jdk.readAlways(type);
        byte[] woven = Objects.requireNonNull(Weaver.weave(type.replace('.', '/'), original));
        assertThat(Weaver.weave(type.replace('.', '/'), woven)).isNull();
        assertThat(Weaver.weave("java/lang/Object", jdk.readAlways("java.lang.Object")))
                .isNull();
        assertThat(new Weaver().apply(type.replace('.', '/'), original)).isEqualTo(woven);
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void weavesAgainWhatTheJvmRestored(Jdks jdk) throws IOException {
        String type = "java.util.concurrent.locks.LockSupport";
        ClassReader original = OpenedClassReader.of(jdk.readAlways(type));
        ClassWriter restored = new ClassWriter(original, 0);
        original.accept(restored, 0);
        restored.newClass("io/lockjam/boot/WaitHooks"); // what is left of the first weave

        assertThat(Weaver.weave(type.replace('.', '/'), restored.toByteArray())).isNotNull();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void letsAQueueTellOfEachUseOverItsOwnHooks(Jdks jdk) throws IOException {
        String type = "java/util/concurrent/LinkedBlockingQueue";
        byte[] hooked = Objects.requireNonNull(Weaver.weave(type, jdk.readAlways(type.replace('/', '.'))));
        byte[] searched = Objects.requireNonNull(Weaver.weave(QueueHooks.SEARCH + type, hooked));

        assertThat(changed(ClassFile.of(hooked), ClassFile.of(searched)))
                .containsExactlyInAnyOrder("put", "offer", "take", "poll", "drainTo");
    }

    @Test
    void putsThePropertyBack() throws IOException {
        Weaver.weave(
                "java/util/concurrent/locks/LockSupport",
                Jdks.all().findFirst().orElseThrow().readAlways("java.util.concurrent.locks.LockSupport"));
        assertThat(System.getProperty("net.bytebuddy.safe")).isNull();
    }

    private static void compare(String type, ClassFile original, ClassFile woven) {
        assertThat(woven.fields()).as(type).isEqualTo(original.fields());
        assertThat(woven.methods().keySet())
                .as(type)
                .isEqualTo(original.methods().keySet());
        assertThat(woven.pool().subList(0, original.pool().size()))
                .as("constants of %s, which unchanged methods refer to by number", type)
                .isEqualTo(original.pool());
        assertThat(SLOW_PATHS.get(type)).as(type).containsAll(changed(original, woven));
    }

    /** Names of the methods whose bytes differ. */
    private static Set<String> changed(ClassFile original, ClassFile woven) {
        Set<String> changed = new TreeSet<>();
        original.methods().forEach((signature, bytes) -> {
            if (!Arrays.equals(bytes, woven.methods().get(signature))) {
                String name = signature.substring(0, signature.indexOf('('));
                if (name.equals("acquire")) {
                    assertThat(signature)
                            .as("not the fast paths of the same name")
                            .contains("ZZZJ)");
                }
                changed.add(name);
            }
        });
        return changed;
    }
}
