// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.boot.Use;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which numbers in fields do nothing but choose whose turn it is, and which only count. */
final class NumbersTest {
    private static final String SAMPLES = "io/lockjam/weave/idiom/NumberSamples";

    private static byte @Nullable [] bytes(String name) {
        try (InputStream in = ClassLoader.getSystemResourceAsStream(name + ".class")) {
            return in == null ? null : in.readAllBytes();
        } catch (IOException unreadable) {
            return null;
        }
    }

    private static Probed woven() {
        byte[] file = Objects.requireNonNull(bytes(SAMPLES));
        return Objects.requireNonNull(new FieldProbeWeaver(NumbersTest::bytes).weave(file));
    }

    private static Set<String> marked(int bit) {
        return woven().sites().stream()
                .filter(site -> Use.has(site.use(), bit))
                .map(site -> site.target()
                        .substring(site.target().lastIndexOf('.') + 1)
                        .split(" ")[0])
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void whatOnlyChoosesAnElementRoundAndRoundIsATurn() {
        assertThat(marked(Use.TURN)).containsExactly("compared", "listed", "masked", "row", "wrapped");
    }

    @Test
    void whatIsOnlyAddedToAndComparedWithALimitIsACounter() {
        assertThat(marked(Use.COUNTER)).containsExactly("limited", "raised", "reset", "summed", "warned");
    }

    @Test
    void theProbeIsGivenAllThatIsKnown() {
        Set<Integer> given = new HashSet<>();
        new ClassReader(woven().bytes())
                .accept(
                        new ClassVisitor(Opcodes.ASM9) {
                            @Override
                            public MethodVisitor visitMethod(
                                    int access,
                                    String name,
                                    String descriptor,
                                    @Nullable String signature,
                                    String @Nullable [] exceptions) {
                                return new MethodVisitor(Opcodes.ASM9) {
                                    @Override
                                    public void visitLdcInsn(Object value) {
                                        if (value instanceof Integer number) {
                                            given.add(number);
                                        }
                                    }
                                };
                            }
                        },
                        0);
        assertThat(given)
                .containsAll(woven().sites().stream()
                        .map(ProbeSite::use)
                        .filter(use -> Use.has(use, Use.COUNTER))
                        .toList());
    }
}
