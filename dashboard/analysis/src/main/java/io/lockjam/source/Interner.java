// SPDX-License-Identifier: Apache-2.0
package io.lockjam.source;

import io.lockjam.model.Frame;
import io.lockjam.model.ProbeSleep;
import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import jdk.jfr.consumer.RecordedClass;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedMethod;
import jdk.jfr.consumer.RecordedObject;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordedThread;
import org.jspecify.annotations.Nullable;

/**
 * One object per distinct thread, frame and stack of a recording, so that many facts cost little.
 *
 * <p>Two steps: by identity, since the JDK's parser hands out one object per entry of a chunk's constant pool, and then by
 * content, since chunks repeat each other. Each cache is emptied when it is full, so memory stays bounded.
 */
final class Interner {
    /** Package of the hooks that woven code calls. */
    private static final String HOOKS = "io.lockjam.boot.";

    /** Of the JDK below a probe that sleeps, and the probe itself. */
    private static final int PROBE_FRAMES = 6;

    /** What stands for a thread that the recording does not name. */
    static final ThreadRef UNKNOWN_THREAD = new ThreadRef(0, "", false, -1);

    private final Cache<RecordedStackTrace, Stack> tracesSeen = new Cache<>(new IdentityHashMap<>(), 1 << 14);
    private final Cache<RecordedMethod, Frame> methodsSeen = new Cache<>(new IdentityHashMap<>(), 1 << 15);
    private final Cache<RecordedThread, ThreadRef> threadsSeen = new Cache<>(new IdentityHashMap<>(), 1 << 15);
    private final Cache<RecordedClass, String> classesSeen = new Cache<>(new IdentityHashMap<>(), 1 << 15);
    private final Cache<Stack, Stack> stacks = new Cache<>(new HashMap<>(), 1 << 14);
    private final Cache<Frame, Frame> frames = new Cache<>(new HashMap<>(), 1 << 16);
    private final Cache<ThreadRef, ThreadRef> threads = new Cache<>(new HashMap<>(), 1 << 15);

    /** Null if {@code thread} is null. */
    @Nullable
    ThreadRef optionalThread(@Nullable RecordedThread thread) {
        return thread == null ? null : threadsSeen.of(thread, this::read);
    }

    /** With dots; an empty text if {@code type} is null. */
    String className(@Nullable RecordedClass type) {
        return type == null ? "" : classesSeen.of(type, seen -> ClassNames.known(seen.getName()));
    }

    Stack stack(@Nullable RecordedStackTrace trace) {
        return trace == null ? Stack.EMPTY : tracesSeen.of(trace, this::read);
    }

    /** The stack of the target's own code: frames of our hooks, and what they called, are cut off its top. */
    Stack stack(List<Frame> own) {
        cutHooks(own);
        if (own.isEmpty()) {
            return Stack.EMPTY;
        }
        own.replaceAll(frame -> frames.of(frame, same -> same));
        return stacks.of(new Stack(own), same -> same);
    }

    /** Whether the innermost frames are of a probe that waits. */
    static boolean isInProbe(RecordedStackTrace trace) {
        return trace.getFrames().stream()
                .limit(PROBE_FRAMES)
                .map(frame -> frame == null ? null : frame.getMethod())
                .anyMatch(
                        method -> method != null && ProbeSleep.isIn(read(method).className()));
    }

    static boolean isInProbe(List<Frame> frames) {
        return frames.stream().limit(PROBE_FRAMES).anyMatch(frame -> ProbeSleep.isIn(frame.className()));
    }

    private static void cutHooks(List<Frame> own) {
        int last = own.size() - 1;
        while (last >= 0 && !own.get(last).className().startsWith(HOOKS)) {
            last--;
        }
        own.subList(0, last + 1).clear();
    }

    private ThreadRef read(RecordedThread thread) {
        return thread(
                truth(thread, "virtual"),
                thread.getJavaThreadId(),
                thread.getJavaName(),
                thread.getOSThreadId(),
                thread.getOSName());
    }

    /** A thread by what a recording tells of it; one of the JVM has no number and name in Java. */
    ThreadRef thread(boolean virtual, long id, @Nullable String javaName, long osThread, @Nullable String osName) {
        long osId = virtual ? -1 : osThread;
        String name = id > 0 ? javaName : osName;
        ThreadRef own = new ThreadRef(
                id > 0 ? id : osId > 0 ? -osId : 0, name == null ? "" : name, virtual, osId > 0 ? osId : -1);
        return threads.of(own, Interner::redacted);
    }

    private static ThreadRef redacted(ThreadRef read) {
        String name = Redaction.of(read.name());
        return name.equals(read.name()) ? read : new ThreadRef(read.id(), name, read.virtual(), read.osId());
    }

    private Stack read(RecordedStackTrace trace) {
        List<Frame> own = new ArrayList<>();
        for (RecordedFrame frame : trace.getFrames()) {
            RecordedMethod method = frame == null ? null : frame.getMethod();
            if (method != null && own.size() < Wire.DEEPEST_STACK) {
                Frame place = methodsSeen.of(method, Interner::read);
                boolean nativeCode = "Native".equals(frame.getType());
                own.add(frame(place, frame.getLineNumber(), frame.getBytecodeIndex(), nativeCode));
            }
        }
        return stack(own);
    }

    /** A place in a method. */
    static Frame frame(Frame method, int line, int bytecodeIndex, boolean nativeCode) {
        return new Frame(
                method.className(),
                method.method(),
                method.descriptor(),
                method.file(),
                nativeCode || line <= 0 ? -1 : line,
                nativeCode ? -1 : bytecodeIndex);
    }

    private static Frame read(RecordedMethod method) {
        RecordedClass type = method.getType();
        String className = type == null ? "" : ClassNames.known(type.getName());
        return method(className, method.getName(), method.getDescriptor());
    }

    /** A method at no place in it. */
    static Frame method(String className, @Nullable String name, @Nullable String descriptor) {
        return new Frame(className, name == null ? "" : name, descriptor, ClassNames.file(className), -1, -1);
    }

    private static boolean truth(RecordedObject object, String field) {
        return object.hasField(field) && object.getValue(field) instanceof Boolean truth && truth;
    }
}
