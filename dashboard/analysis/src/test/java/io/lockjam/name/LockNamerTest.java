// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Fact;
import io.lockjam.model.Frame;
import io.lockjam.model.LockRef;
import io.lockjam.model.Stack;
import io.lockjam.model.WaitKind;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.LineNumberNode;

/** Each way to take a lock, called for real, and the name that its code gives. */
class LockNamerTest {
    private static final String SITES = LockSites.class.getName();
    private static final LockRef LOCK = new LockRef("java.util.concurrent.locks.ReentrantLock", "1");
    private static final Frame IN_JDK =
            new Frame("java.util.concurrent.locks.ReentrantLock", "lock", "()V", "ReentrantLock.java", 322, 4);

    private final LockSites sites = new LockSites();

    static Stream<Arguments> constructs() {
        LockSites sites = new LockSites();
        return Stream.of(
                construct("field", sites::field, SITES + ".lock"),
                construct("staticField", sites::staticField, SITES + ".SHARED"),
                construct("resource", sites::resource, SITES + ".resource"),
                construct("inherited", sites::inherited, LockSitesParent.class.getName() + ".parent"),
                construct("local", sites::local, SITES + ".lock"),
                construct("result", sites::result, SITES + ".lock"),
                construct("element", sites::element, SITES + ".stripes[]"),
                construct("elementByHandle", sites::elementByHandle, SITES + ".stripes[]"),
                construct("elementByHelper", sites::elementByHelper, SITES + ".stripes"),
                construct("mapped", sites::mapped, SITES + ".byName[]"),
                construct("parameter", sites::parameter, SITES + ".lock"),
                construct("lambda", sites::lambda, SITES + ".lock"),
                construct("nestedLambda", sites::nestedLambda, SITES + ".lock"),
                construct("reference", sites::reference, SITES + ".lock"),
                construct("either", () -> sites.either(true), SITES + ".SHARED or " + SITES + ".lock"),
                construct("eachOf", sites::eachOf, SITES + ".byName[]"),
                construct("iterated", sites::iterated, SITES + ".stripesAsList[]"),
                construct("held", sites::held, SITES + ".holder"),
                construct("accessor", sites::accessor, SITES + "$Guarded.guard"),
                construct("overridable", sites::overridable, SITES + ".given()"),
                construct("anonymousClass", sites::anonymousClass, SITES + ".lock"),
                construct("enclosing", sites::enclosing, SITES + ".lock"),
                construct("acrossTryAndFinally", sites::acrossTryAndFinally, SITES + ".lock"),
                construct("outOfThree", () -> sites.outOfThree(1), "ReentrantLock in LockSites.outOfThree"),
                construct("variable", sites::variable, "mine in variable"),
                construct("variableElement", sites::variableElement, "all[] in variableElement"),
                construct("fresh", sites::fresh, "ReentrantLock in LockSites.fresh"));
    }

    private static Arguments construct(String name, Runnable call, String expected) {
        return Arguments.of(name, call, expected);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("constructs")
    void namesALockByItsBytecodeIndex(String name, Runnable call, String expected) {
        call.run();

        assertThat(namer().name(seen(true), LOCK, WaitKind.LOCK)).isEqualTo(expected);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("constructs")
    void namesALockByItsLine(String name, Runnable call, String expected) {
        call.run();

        assertThat(namer().name(seen(false), LOCK, WaitKind.LOCK)).isEqualTo(expected);
    }

    @Test
    void theIndexChoosesWhereALineHasTwoUnlessTheClassMayRunRewritten() {
        sites.twoOnALine();
        LockNamer rewritten = new LockNamer(LockNamerTest::bytes, SITES::equals, name -> {});
        String both = SITES + ".SHARED or " + SITES + ".lock";

        assertThat(namer().name(seen(true), LOCK, WaitKind.LOCK)).isEqualTo(SITES + ".SHARED");
        assertThat(namer().name(seen(false), LOCK, WaitKind.LOCK)).isEqualTo(both);
        assertThat(rewritten.name(seen(true), LOCK, WaitKind.LOCK)).isEqualTo(both);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("constructs")
    void namesALockWhoseClassRunsWithOtherIndexes(String name, Runnable call, String expected) {
        call.run();
        List<Frame> shifted = new ArrayList<>();
        for (Frame frame : seen(true).frames()) {
            shifted.add(new Frame(
                    frame.className(),
                    frame.method(),
                    frame.descriptor(),
                    frame.file(),
                    frame.line(),
                    frame.bytecodeIndex() + 7));
        }

        assertThat(namer().name(new Stack(shifted), LOCK, WaitKind.LOCK)).isEqualTo(expected);
    }

    @Test
    void aVariableOfWhichTheCompilerKeptNoNameIsKnownByWhereItsObjectIsMade() {
        sites.variable();
        Stack seen = seen(true);
        int made = seen.frames().get(1).line() - 1;

        assertThat(new LockNamer(LockNamerTest::bytesWithoutVariables).name(seen, LOCK, WaitKind.LOCK))
                .isEqualTo("Probe of line " + made + " in variable");
    }

    @Test
    void anElementOfSuchAVariableIsToldByItsClassToo() {
        sites.variableElement();
        Stack seen = seen(true);
        int made = seen.frames().get(1).line() - 2;

        assertThat(new LockNamer(LockNamerTest::bytesWithoutVariables).name(seen, LOCK, WaitKind.LOCK))
                .isEqualTo("ArrayList[] of line " + made + " in variableElement");
    }

    @Test
    void looksAtASiteOnceAndTellsItsName() {
        sites.field();
        List<Fact.Named> found = new ArrayList<>();
        LockNamer namer = new LockNamer(LockNamerTest::bytes, name -> false, found::add);

        namer.name(seen(true), LOCK, WaitKind.LOCK);
        namer.name(seen(true), LOCK, WaitKind.LOCK);

        assertThat(found).singleElement().satisfies(named -> {
            assertThat(named.name()).isEqualTo(SITES + ".lock");
            assertThat(named.site()).matches(SITES + "\\.field\\(\\)V:[0-9]+>lock");
        });
    }

    @Test
    void takesANameFromTheRecordingWhereThereAreNoClasses() {
        sites.parameter();
        List<Fact.Named> found = new ArrayList<>();
        new LockNamer(LockNamerTest::bytes, name -> false, found::add).name(seen(true), LOCK, WaitKind.LOCK);
        LockNamer elsewhere = new LockNamer(className -> null);
        elsewhere.learn(found.get(0));

        assertThat(elsewhere.name(seen(true), LOCK, WaitKind.LOCK)).isEqualTo(SITES + ".lock");
    }

    @Test
    void fallsBackOnTheSiteWhenClassesAreDamagedOrMissing() {
        sites.field();

        assertThat(new LockNamer(className -> new byte[100]).name(seen(true), LOCK, WaitKind.LOCK))
                .isEqualTo("ReentrantLock in LockSites.field");
        assertThat(new LockNamer(className -> null).name(Stack.EMPTY, LOCK, WaitKind.LOCK))
                .isEqualTo("ReentrantLock");
    }

    /** The future is the client's own; what the line calls is the client. */
    @Test
    void whoSendsARequestWaitsForItsAnswer() {
        sites.field();
        List<Frame> frames = new ArrayList<>();
        for (String at : List.of(
                "java.util.concurrent.CompletableFuture.get",
                "jdk.internal.net.http.HttpClientImpl.send",
                "jdk.internal.net.http.HttpClientFacade.send")) {
            int dot = at.lastIndexOf('.');
            frames.add(new Frame(at.substring(0, dot), at.substring(dot + 1), null, null, 1, 1));
        }
        frames.addAll(seen(true).frames());
        LockRef answer = new LockRef("jdk.internal.net.http.common.MinimalFuture", "1");

        assertThat(namer().name(new Stack(frames), answer, WaitKind.FUTURE)).isEqualTo("HttpClient.send");
        assertThat(namer().name(seen(true), LOCK, WaitKind.LOCK)).isEqualTo(SITES + ".lock");
    }

    @Test
    void namesAConstantByItsText() {
        sites.constant();
        List<Frame> frames = seen(false).frames();
        Stack enters = new Stack(frames.subList(1, frames.size()));

        assertThat(namer().name(enters, new LockRef("java.lang.String", "1"), WaitKind.MONITOR))
                .isEqualTo("String \"orders\"");
    }

    /** By its stack alone it may stand at the begin of the method or at the block on its first line. */
    @Test
    void namesWhatASynchronizedMethodLocksByTheClassOfTheLock() {
        int line = firstLine("enters");
        Stack enters = new Stack(List.of(new Frame(SITES, "enters", null, "LockSites.java", line, -1)));

        assertThat(namer().name(enters, new LockRef(SITES, "1"), WaitKind.MONITOR))
                .isEqualTo("synchronized LockSites.enters");
        assertThat(namer().name(enters, new LockRef("java.util.ImmutableCollections$ListN", "2"), WaitKind.MONITOR))
                .isEqualTo(SITES + ".stripesAsList");
    }

    private static int firstLine(String method) {
        ClassNode node = new ClassNode();
        new ClassReader(Objects.requireNonNull(bytes(SITES))).accept(node, 0);
        return node.methods.stream()
                .filter(each -> each.name.equals(method))
                .flatMap(each -> Arrays.stream(each.instructions.toArray()))
                .filter(LineNumberNode.class::isInstance)
                .mapToInt(each -> ((LineNumberNode) each).line)
                .min()
                .orElseThrow();
    }

    @Test
    void namesAMonitorOfTheJdkByItsMethodAndNotByWhatCallsItInTheJdk() {
        Stack logs = new Stack(List.of(
                new Frame("java.util.logging.FileHandler", "publish", null, "FileHandler.java", 745, -1),
                new Frame("java.util.logging.Logger", "log", null, "Logger.java", 980, -1),
                new Frame("com.acme.Service", "serve", null, "Service.java", 12, -1)));

        assertThat(new LockNamer(LockNamerTest::bytes)
                        .name(logs, new LockRef("java.util.logging.FileHandler", "1"), WaitKind.MONITOR))
                .contains("FileHandler.publish");
    }

    @Test
    void takesNoNameOfAClientsOwnLockFromThePoolThatRunsIt() {
        Stack client = new Stack(List.of(
                new Frame("java.util.concurrent.locks.ReentrantLock", "lock", "()V", "ReentrantLock.java", 322, -1),
                new Frame("jdk.internal.net.http.ConnectionPool", "purge", "()V", "ConnectionPool.java", 100, -1),
                new Frame("java.util.concurrent.ThreadPoolExecutor", "runWorker", null, "T.java", 1136, -1)));

        assertThat(new LockNamer(LockNamerTest::bytes).name(client, LOCK, WaitKind.LOCK))
                .isEqualTo("ReentrantLock in ConnectionPool.purge");
    }

    @Test
    void takesNoNameFromWhereAThreadBegins() {
        Stack cleaner = new Stack(List.of(
                new Frame("java.lang.Object", "wait", "(J)V", "Object.java", -1, -1),
                new Frame("java.lang.ref.ReferenceQueue", "remove", null, "ReferenceQueue.java", 155, -1),
                new Frame("jdk.internal.ref.CleanerImpl", "run", "()V", "CleanerImpl.java", 140, -1),
                new Frame("java.lang.Thread", "run", "()V", "Thread.java", 833, 11)));

        assertThat(new LockNamer(className -> null)
                        .name(cleaner, new LockRef("java.lang.ref.ReferenceQueue$Lock", "1"), WaitKind.OBJECT_WAIT))
                .isEqualTo("ReferenceQueue$Lock in ReferenceQueue.remove");
    }

    /** What await is called on is the condition, not the lock. */
    @ParameterizedTest
    @CsvSource({
        "free, io.lockjam.name.Rooms.lock",
        "local, io.lockjam.name.Rooms.lock",
        "either, ReentrantLock in Rooms.either",
        "given, ReentrantLock in Rooms.given"
    })
    void namesTheLockThatIsTakenBackAfterAWaitForACondition(String method, String name) {
        String type = Rooms.class.getName();
        Frame inner = new Frame(
                "java.util.concurrent.locks.AbstractQueuedSynchronizer$ConditionObject", "await", null, null, -1, -1);
        Frame waiter = new Frame(type, method, null, "Rooms.java", TestCode.line(type, method, "await"), -1);

        assertThat(namer().name(new Stack(List.of(inner, waiter)), LOCK, WaitKind.LOCK))
                .isEqualTo(name);
    }

    private static LockNamer namer() {
        return new LockNamer(LockNamerTest::bytes);
    }

    /** The stack of the last lock, as a recording has it, or as one taken from outside a thread. */
    private static Stack seen(boolean exact) {
        List<Frame> frames = new ArrayList<>(List.of(IN_JDK));
        for (StackWalker.StackFrame frame : Probe.seen) {
            frames.add(new Frame(
                    frame.getClassName(),
                    frame.getMethodName(),
                    exact ? frame.getDescriptor() : null,
                    frame.getFileName(),
                    frame.getLineNumber(),
                    exact ? frame.getByteCodeIndex() : -1));
        }
        return new Stack(frames);
    }

    /** As compiled without {@code -g}. */
    private static byte @Nullable [] bytesWithoutVariables(String className) {
        byte[] bytes = bytes(className);
        if (bytes == null) {
            return null;
        }
        ClassNode type = new ClassNode();
        new ClassReader(bytes).accept(type, 0);
        type.methods.forEach(method -> method.localVariables = null);
        ClassWriter writer = new ClassWriter(0);
        type.accept(writer);
        return writer.toByteArray();
    }

    private static byte @Nullable [] bytes(String className) {
        String file = "/" + className.replace('.', '/') + ".class";
        try (InputStream in = LockNamerTest.class.getResourceAsStream(file)) {
            return in == null ? null : in.readAllBytes();
        } catch (IOException unreadable) {
            return null;
        }
    }
}
