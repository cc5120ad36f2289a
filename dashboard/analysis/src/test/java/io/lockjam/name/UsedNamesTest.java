// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Each way to come by an object, used for real, and the name that the code gives for it, by lines alone. */
class UsedNamesTest {
    private static final String OWN = UsedNamesTest.class.getName();

    private final Map<String, Integer> map = new HashMap<>();
    private final List<String> names = new Noting();
    private final List<String> shared = Collections.synchronizedList(new ArrayList<>());
    private final ReentrantReadWriteLock both = new ReentrantReadWriteLock();
    private final int[] counts = new int[4];
    private final long[] sums = new long[4];
    private static List<StackWalker.StackFrame> seen = List.of();

    /** A list that notes who adds to it, which calls the bridge and that calls add. */
    private static final class Noting extends ArrayList<String> {
        private static final long serialVersionUID = 1;

        @Override
        public boolean add(String name) {
            seen = StackWalker.getInstance().walk(frames -> frames.skip(2).toList());
            return true;
        }
    }

    private Map<String, Integer> getMap() {
        return map;
    }

    private List<String> names() {
        return names;
    }

    private static void into(Collection<String> names) {
        names.add("x");
    }

    @Test
    void aFieldThroughAGetterALocalAndAView() {
        names().add("x");
        assertThat(used("List.add")).hasValue(OWN + ".names");

        List<String> own = names;
        own.add("y");
        assertThat(used("List.add")).hasValue(OWN + ".names");

        assertThat(getMap().keySet().iterator().hasNext()).isFalse();
        assertThat(at("Iterator.hasNext", lineOf() - 1)).hasValue(OWN + ".map");

        assertThat(Collections.unmodifiableMap(map).size()).isZero();
        assertThat(at("Map.size", lineOf() - 1)).hasValue(OWN + ".map");
    }

    @Test
    void whatALibraryIsCalledOn() {
        assertThat(shared.isEmpty()).isTrue();
        assertThat(calledOn("isEmpty", lineOf() - 1)).hasValue(OWN + ".shared");
        assertThat(new ArrayList<>(List.of("a"))).isNotEmpty();
        assertThat(calledOn("<init>", lineOf() - 1)).isEmpty();
        assertThat(calledOn("of", lineOf() - 2)).isEmpty(); // is static
    }

    private static Optional<String> calledOn(String method, int line) {
        Frame called = new Frame("org.acme.Library", method, null, "Library.java", 1, -1);
        List<Frame> frames = new ArrayList<>(List.of(called));
        frames.addAll(caller(line).frames());
        return new LockNamer(UsedNamesTest::bytes).calledOn(new Stack(frames));
    }

    @Test
    void whatAMethodReferenceTakesWithIt() {
        List.<String>of().forEach(names::add);
        assertThat(at("List.add", lineOf() - 1)).hasValue(OWN + ".names");
    }

    @Test
    void aFieldThroughAParameter() {
        Consumer<Collection<String>> other = UsedNamesTest::into; // it is no lambda that has taken what it is given
        other.accept(new ArrayList<>());
        into(names);
        assertThat(used("Collection.add")).hasValue(OWN + ".names");
    }

    @Test
    void anElementIsNamedByItsArray() {
        counts[2]++;
        assertThat(array("int[]", false, lineOf() - 1)).hasValue(OWN + ".counts[]");
        sums[0] = counts[1];
        assertThat(array("int[]", false, lineOf() - 1)).hasValue(OWN + ".counts[]");
        assertThat(array("int[]", true, lineOf() - 2)).isEmpty();
        assertThat(array("long[]", true, lineOf() - 3)).hasValue(OWN + ".sums[]");
    }

    @Test
    void aCopyIsNamedByWhatIsCopied() {
        List<String> copy = new ArrayList<>(names);
        assertThat(at("ArrayList.<init>(it)", lineOf() - 1)).hasValue(OWN + ".names");

        copy.addAll(map.keySet());
        assertThat(at("List.addAll(it)", lineOf() - 1)).hasValue(OWN + ".map");
        assertThat(copy).isEmpty();

        assertThat(String.join(",", names)).isEmpty();
        assertThat(at("String.join(it)", lineOf() - 1)).hasValue(OWN + ".names");
    }

    @Test
    void aLocalThatWasJustMadeHasItsOwnName() {
        List<String> fresh = new Noting();
        Runnable task = () -> fresh.add("z");
        task.run();
        assertThat(used("List.add")).hasValue("fresh in aLocalThatWasJustMadeHasItsOwnName");
    }

    @Test
    void anArrayThatALambdaTookIsNamedByItsVariable() {
        int[] taken = {0, 1};
        Runnable task = () -> taken[0] = taken[1];
        task.run();
        Frame body = new Frame(OWN, lambdaAt(lineOf() - 2), null, "UsedNamesTest.java", lineOf() - 2, -1);
        Stack stack = new Stack(List.of(body));
        assertThat(new LockNamer(UsedNamesTest::bytes).usedArray(stack, "int[]", true))
                .hasValue("taken[] in anArrayThatALambdaTookIsNamedByItsVariable");
        assertThat(new LockNamer(UsedNamesTest::asKotlinCompiles).usedArray(stack, "int[]", true))
                .hasValue("taken[] in anArrayThatALambdaTookIsNamedByItsVariable");
    }

    /** With bodies of lambdas that are not marked as made by the compiler. */
    private static byte @Nullable [] asKotlinCompiles(String className) {
        byte[] file = bytes(className);
        if (file == null) {
            return null;
        }
        ClassWriter writer = new ClassWriter(0);
        new ClassReader(file)
                .accept(
                        new ClassVisitor(Opcodes.ASM9, writer) {
                            @Override
                            public MethodVisitor visitMethod(
                                    int access,
                                    String name,
                                    String descriptor,
                                    @Nullable String signature,
                                    String @Nullable [] exceptions) {
                                int plain = access & ~Opcodes.ACC_SYNTHETIC;
                                return super.visitMethod(plain, name, descriptor, signature, exceptions);
                            }
                        },
                        0);
        return writer.toByteArray();
    }

    private static String lambdaAt(int line) {
        Code.Parsed own = new Code(UsedNamesTest::bytes).parsed(OWN);
        return own == null
                ? ""
                : own.node().methods.stream()
                        .filter(method -> method.name.startsWith("lambda$")
                                && !Code.onLine(method, line).isEmpty())
                        .findFirst()
                        .orElseThrow()
                        .name;
    }

    @Test
    void aLockIsNamedByTheLineThatTakesIt() {
        synchronized (names) {
            synchronized (map) {
                assertThat(taken(true, lineOf() - 1)).hasValue(OWN + ".map");
                assertThat(taken(true, lineOf() - 3)).hasValue(OWN + ".names");
            }
        }
        both.readLock().lock();
        try {
            assertThat(taken(false, lineOf() - 2)).hasValue(OWN + ".both");
        } finally {
            both.readLock().unlock();
        }
    }

    @Test
    void twoLocksOfOneCallHaveTheirOwnNames() {
        shared.addAll(names);
        assertThat(nested(false, lineOf() - 1)).hasValue(OWN + ".shared");
        assertThat(nested(true, lineOf() - 2)).hasValue(OWN + ".names");
    }

    private static Optional<String> taken(boolean monitor, int line) {
        return new LockNamer(UsedNamesTest::bytes).taken(caller(line), monitor);
    }

    private static Optional<String> nested(boolean argument, int line) {
        return new LockNamer(UsedNamesTest::bytes).nested(caller(line), argument);
    }

    @Test
    void nothingIsSaidOfWhatIsNotOnTheLine() {
        assertThat(at("Map.put", lineOf())).isEmpty();
        assertThat(new LockNamer(UsedNamesTest::bytes).used(Stack.EMPTY, "Map.put"))
                .isEmpty();
    }

    private static int lineOf() {
        return StackWalker.getInstance()
                .walk(frames -> frames.skip(1).findFirst().orElseThrow().getLineNumber());
    }

    private static Optional<String> at(String use, int line) {
        return new LockNamer(UsedNamesTest::bytes).used(caller(line), use);
    }

    private static Optional<String> array(String type, boolean writes, int line) {
        return new LockNamer(UsedNamesTest::bytes).usedArray(caller(line), type, writes);
    }

    private static Stack caller(int line) {
        String method = StackWalker.getInstance()
                .walk(frames -> frames.skip(2).findFirst().orElseThrow().getMethodName());
        return new Stack(List.of(new Frame(OWN, method, null, "UsedNamesTest.java", line, -1)));
    }

    private static Optional<String> used(String use) {
        List<Frame> frames = seen.stream()
                .map(at -> new Frame(
                        at.getClassName(), at.getMethodName(), null, at.getFileName(), at.getLineNumber(), -1))
                .toList();
        return new LockNamer(UsedNamesTest::bytes).used(new Stack(frames), use);
    }

    private static byte @Nullable [] bytes(String className) {
        String file = "/" + className.replace('.', '/') + ".class";
        try (InputStream in = UsedNamesTest.class.getResourceAsStream(file)) {
            return in == null ? null : in.readAllBytes();
        } catch (IOException unreadable) {
            return null;
        }
    }
}
