// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import io.lockjam.model.CallbackWait;
import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import io.lockjam.model.WaitKind;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * Tells of a thread in a method that a library calls back, such as a listener or a job, which waits there for a latch or a future that by the code
 * only such methods end. Thread-safe.
 *
 * <p>Looked at are all classes that lie in one folder or jar with the one that waits and share the first two parts of its package. A future has to be
 * made by them: what a library makes it may complete by itself.
 */
public final class CallbackCode {
    private static final int MOST_ANSWERS = 500;

    private final ClassBytes bytes;
    private final Code code;
    private final Answers<Question, Optional<CallbackWait>> answers = new Answers<>(MOST_ANSWERS);

    private record Question(Stack waiter, WaitKind kind) {}

    public CallbackCode(ClassBytes bytes) {
        this.bytes = bytes;
        this.code = new Code(bytes);
    }

    /** The callback that waits, and the library's method that has called it; empty if others may end the wait, or the code does not tell. */
    public synchronized Optional<CallbackWait> of(Stack waiter, WaitKind kind) {
        return kind == WaitKind.LATCH || kind == WaitKind.FUTURE
                ? answers.of(new Question(waiter, kind), this::find)
                : Optional.empty();
    }

    private Optional<CallbackWait> find(Question question) {
        List<Frame> frames = question.waiter().frames();
        int own = 0;
        while (own < frames.size() && frames.get(own).isJdk()) {
            own++;
        }
        Code.Parsed type = own == 0 || own == frames.size()
                ? null
                : code.parsed(frames.get(own).className());
        if (type == null) {
            return Optional.empty();
        }
        List<String> classes = bytes.beside(type.name(), WakingCode.root(type.name()));
        Set<String> made = made(type, frames.get(own), frames.get(own - 1).method(), classes);
        boolean known = made != null || question.kind() == WaitKind.LATCH;
        Set<String> callbacks = known && classes.contains(type.name())
                ? new CallbackClimb(bytes, code, classes, question.kind(), made).callbacks()
                : Set.of();
        return callbacks.isEmpty() ? Optional.empty() : callback(frames, own, classes, callbacks);
    }

    /** The outermost method on the stack that is such a callback and that a library has called. */
    private Optional<CallbackWait> callback(List<Frame> frames, int own, List<String> classes, Set<String> callbacks) {
        Called called = new Called(code, classes);
        for (int i = frames.size() - 1; i >= own; i--) {
            Frame frame = frames.get(i);
            Code.Parsed type = classes.contains(frame.className()) ? code.parsed(frame.className()) : null;
            Frame caller = type == null ? null : caller(frames, i);
            if (type != null && caller != null && !classes.contains(caller.className())) {
                Set<String> types = new HashSet<>();
                type.methods(frame.method(), frame.descriptor()).forEach(each -> types.addAll(called.by(type, each)));
                if (types.containsAll(callbacks)) {
                    return Optional.of(new CallbackWait(Collections.min(callbacks), frame, caller));
                }
            }
        }
        return Optional.empty();
    }

    /** The next method outwards that is not the JDK's; null if there is none. */
    private static @Nullable Frame caller(List<Frame> frames, int called) {
        int at = called + 1;
        while (at < frames.size() && frames.get(at).isJdk()) {
            at++;
        }
        return at < frames.size() ? frames.get(at) : null;
    }

    /** Where what a frame waits for, by a call of a method, was made; null if that is not known. */
    private @Nullable Set<String> made(Code.Parsed type, Frame frame, String callee, List<String> classes) {
        Making making = new Making(code, classes);
        for (MethodNode method : type.methods(frame.method(), frame.descriptor())) {
            for (AbstractInsnNode each : Code.at(
                    type,
                    method,
                    frame,
                    it -> it instanceof MethodInsnNode call
                            && call.owner.startsWith("java/")
                            && call.name.equals(callee))) {
                if (each instanceof MethodInsnNode call) {
                    return making.of(type, method, call, Making.receiver(call));
                }
            }
        }
        return null;
    }
}
