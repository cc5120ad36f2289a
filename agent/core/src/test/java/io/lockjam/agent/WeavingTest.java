// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockjam.control.WeaveOutcome;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is kept of classes that a JVM without room does not change. */
class WeavingTest {
    private static final byte[] ORIGINAL = {1, 2, 3};
    private static final byte[] WOVEN = {1, 2, 3, 4};
    private static final List<String> TWO = List.of("java/util/concurrent/Phaser", "java/util/concurrent/Exchanger");

    private final Faults faults = new Faults();
    private final Jvm jvm = new Jvm();
    private final Weaving weaving = new Weaving(jvm.instrumentation(), faults);

    /** A JVM that gives each class to the transformer and then, as HotSpot does, changes either all or none of a batch. */
    private static final class Jvm {
        private final List<ClassFileTransformer> transformers = new ArrayList<>();
        private final Map<Class<?>, byte[]> bytes = new HashMap<>();
        private List<Class<?>> noRoomFor = List.of();

        Instrumentation instrumentation() {
            return (Instrumentation) Proxy.newProxyInstance(
                    Jvm.class.getClassLoader(), new Class<?>[] {Instrumentation.class}, (proxy, method, arguments) -> {
                        switch (method.getName()) {
                            case "addTransformer" -> transformers.add((ClassFileTransformer) arguments[0]);
                            case "removeTransformer" -> {
                                return transformers.remove(arguments[0]);
                            }
                            case "isModifiableClass" -> {
                                return true;
                            }
                            case "getAllLoadedClasses" -> {
                                return new Class<?>[0];
                            }
                            case "retransformClasses" -> retransform(List.of((Class<?>[]) arguments[0]));
                            default -> throw new UnsupportedOperationException(method.getName());
                        }
                        return null;
                    });
        }

        private void retransform(List<Class<?>> types) throws Exception {
            Map<Class<?>, byte[]> after = new HashMap<>();
            for (Class<?> type : types) {
                byte[] now = ORIGINAL;
                for (ClassFileTransformer each : transformers) {
                    byte[] changed = each.transform(null, type.getName().replace('.', '/'), type, null, now);
                    now = changed == null ? now : changed;
                }
                after.put(type, now);
            }
            if (types.stream().anyMatch(noRoomFor::contains)) {
                throw new OutOfMemoryError();
            }
            bytes.putAll(after);
        }

        boolean isOriginal(String name) throws ClassNotFoundException {
            return Arrays.equals(bytes.get(Class.forName(name.replace('/', '.'))), ORIGINAL);
        }
    }

    private WeaveOutcome weave(List<String> names) {
        return weaving.weave(names, (name, loader, original) -> WOVEN);
    }

    @Test
    void aClassThatTheJvmHadNoRoomToRestoreIsTriedAgain() throws Exception {
        assertThat(weave(TWO).done()).containsExactlyElementsOf(TWO);
        jvm.noRoomFor = List.of(java.util.concurrent.Phaser.class);

        assertThatThrownBy(weaving::end).isInstanceOf(OutOfMemoryError.class);
        assertThat(weaving.woven()).containsExactly(TWO.get(0));
        assertThat(jvm.isOriginal(TWO.get(0))).isFalse();
        assertThat(jvm.isOriginal(TWO.get(1)))
                .as("the other one was in the same batch")
                .isTrue();
        assertThat(jvm.transformers).as("still there").hasSize(1);

        jvm.noRoomFor = List.of();
        assertThat(weaving.end().done()).containsExactly(TWO.get(0));
        assertThat(jvm.isOriginal(TWO.get(0))).isTrue();
        assertThat(weaving.woven()).isEmpty();
        assertThat(jvm.transformers).isEmpty();
    }

    @Test
    void anotherAgentFindsTheHooksOfAClassThatStays() throws Exception {
        weave(TWO);
        ClassFileTransformer transformer = jvm.transformers.get(0);
        Class<?> phaser = java.util.concurrent.Phaser.class;
        jvm.noRoomFor = List.of(phaser);

        assertThatThrownBy(weaving::end).isInstanceOf(OutOfMemoryError.class);
        assertThat(transformer.transform(null, TWO.get(0), phaser, null, ORIGINAL))
                .isEqualTo(WOVEN);
        jvm.noRoomFor = List.of();
        weaving.end();
        assertThat(transformer.transform(null, TWO.get(0), phaser, null, ORIGINAL))
                .isNull();
    }

    @Test
    void aClassThatCouldNotBeWovenForWantOfRoomKeepsNoOther() {
        jvm.noRoomFor = List.of(java.util.concurrent.Exchanger.class);
        WeaveOutcome outcome = weave(TWO);

        assertThat(outcome.done()).containsExactly(TWO.get(0));
        assertThat(outcome.failed()).containsExactly(TWO.get(1) + ": java.lang.OutOfMemoryError");
        assertThat(weaving.woven()).containsExactly(TWO.get(0));
        assertThat(weaving.end().failed()).isEmpty();
    }

    @Test
    void oneThatHadHooksBeforeAndIsRefusedNowIsRestoredAllTheSame() throws Exception {
        weave(TWO);
        jvm.noRoomFor = List.of(java.util.concurrent.Exchanger.class);
        weave(TWO);
        jvm.noRoomFor = List.of();
        weaving.end();

        assertThat(jvm.isOriginal(TWO.get(0))).isTrue();
        assertThat(jvm.isOriginal(TWO.get(1))).isTrue();
    }
}
