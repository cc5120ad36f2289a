// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import io.lockjam.model.CallbackWait;
import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import io.lockjam.model.WaitKind;
import java.util.ArrayList;
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

    /** All their files are read, and again for each way. */
    private static final int MOST_CLASSES = 1_000;

    private final ClassBytes bytes;
    private final Code code;
    private final Answers<Question, Optional<CallbackWait>> answers = new Answers<>(MOST_ANSWERS);

    private final Answers<String, Set<String>> beside = new Answers<>(MOST_ANSWERS);
    private final Answers<Climb, Set<String>> climbs = new Answers<>(MOST_ANSWERS);

    private record Question(Stack waiter, WaitKind kind) {}

    private record Climb(
            Set<String> classes, WaitKind kind, @Nullable Set<String> made) {}

    /** @param types by which the library may have called it */
    private record Standing(Frame callback, Frame caller, Set<String> types) {}

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
        Code.Place place = code.caller(frames);
        if (place == null) {
            return Optional.empty();
        }
        Code.Parsed type = place.type();
        int own = place.index();
        String root = Neighbours.root(type.name());
        Set<String> classes = beside.of(type.name(), name -> beside(name, root));
        List<Standing> standing = classes.contains(type.name()) ? standing(frames, own, classes) : List.of();
        if (standing.isEmpty()) {
            return Optional.empty();
        }
        Set<String> made = made(type, frames.get(own), frames.get(own - 1).method(), classes);
        if (made == null && question.kind() != WaitKind.LATCH) {
            return Optional.empty();
        }
        Set<String> callbacks = climbs.of(
                new Climb(classes, question.kind(), made),
                climb -> new CallbackClimb(bytes, code, climb.classes(), climb.kind(), climb.made()).callbacks());
        return standing.stream()
                .filter(each -> !callbacks.isEmpty() && each.types().containsAll(callbacks))
                .findFirst()
                .map(each -> new CallbackWait(Collections.min(callbacks), each.callback(), each.caller()));
    }

    private Set<String> beside(String className, String root) {
        List<String> found = bytes.beside(className, root);
        return found.size() > MOST_CLASSES ? Set.of() : Set.copyOf(found);
    }

    /** The methods on the stack that a library has called, the outermost first. */
    private List<Standing> standing(List<Frame> frames, int own, Set<String> classes) {
        Called called = new Called(code, classes);
        List<Standing> found = new ArrayList<>();
        for (int i = frames.size() - 1; i >= own; i--) {
            Frame frame = frames.get(i);
            Code.Parsed type = classes.contains(frame.className()) ? code.parsed(frame.className()) : null;
            Frame caller = type == null ? null : caller(frames, i);
            if (type != null && caller != null && !classes.contains(caller.className())) {
                Set<String> types = new HashSet<>();
                type.methods(frame.method(), frame.descriptor()).forEach(each -> types.addAll(called.by(type, each)));
                types.remove(Called.ANYBODY);
                if (!types.isEmpty()) {
                    found.add(new Standing(frame, caller, types));
                }
            }
        }
        return found;
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
    private @Nullable Set<String> made(Code.Parsed type, Frame frame, String callee, Set<String> classes) {
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
