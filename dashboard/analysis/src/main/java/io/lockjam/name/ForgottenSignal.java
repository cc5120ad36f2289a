// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import io.lockjam.model.Unsignalled;
import io.lockjam.model.WaitKind;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * Finds waits in a loop for a change that some method makes without a signal, while no code gives one. Thread-safe.
 *
 * <p>A loop that looks at nothing, as one that keeps a program alive, waits for no change. Where the classes of one file interrupt a thread or cancel a
 * task, that may be how the wait is meant to end.
 */
public final class ForgottenSignal {
    private static final int MOST_ANSWERS = 1_000;

    /** Methods of collections and atomic values that change them. */
    private static final Set<String> CHANGES = Set.of(
            "add",
            "addAll",
            "addFirst",
            "addLast",
            "offer",
            "offerFirst",
            "offerLast",
            "put",
            "putAll",
            "putIfAbsent",
            "push",
            "set",
            "lazySet",
            "compareAndSet",
            "getAndSet",
            "incrementAndGet",
            "getAndIncrement",
            "addAndGet",
            "getAndAdd",
            "decrementAndGet",
            "getAndDecrement",
            "remove",
            "removeFirst",
            "removeLast",
            "pop",
            "poll",
            "pollFirst",
            "pollLast",
            "clear");

    private static final Set<String> INTERRUPTS = Set.of("interrupt", "shutdownNow", "cancel");

    private final Code code;
    private final WakingCode waking;
    private final Answers<Question, Optional<Unsignalled>> answers = new Answers<>(MOST_ANSWERS);

    private record Question(Stack waiter, WaitKind kind, String name, String type) {}

    public ForgottenSignal(ClassBytes classes) {
        this.code = new Code(classes);
        this.waking = new WakingCode(classes, code);
    }

    /**
     * What the thread waits for in vain; empty if a signal may come, or the code does not tell.
     *
     * @param name as the code has it for what is waited for
     * @param type the class of that object
     */
    public synchronized Optional<Unsignalled> of(Stack waiter, WaitKind kind, String name, String type) {
        return answers.of(new Question(waiter, kind, name, type), this::find);
    }

    private Optional<Unsignalled> find(Question question) {
        List<Frame> frames = question.waiter().frames();
        Code.Place place = code.caller(frames);
        if (place == null || !frames.stream().limit(place.index()).allMatch(SignalCode::onlyWaits)) {
            return Optional.empty();
        }
        Code.Parsed type = place.type();
        int own = place.index();
        List<Code.Parsed> nest = Nest.of(code, new Stack(List.of(frames.get(own))), "");
        Frame frame = frames.get(own);
        for (MethodNode method : type.methods(frame.method(), frame.descriptor())) {
            Set<String> fields = lookedAt(method, Code.stands(type, method, frames, own), nest);
            Optional<Unsignalled> change = changed(fields, method, nest);
            if (change.isPresent()
                    && !interrupts(nest)
                    && waking.isNever(question.kind(), question.name(), question.type(), type)) {
                return change;
            }
        }
        return Optional.empty();
    }

    /** The fields, as class and name, that are read in the innermost loop around the wait, or in methods of the file called there. */
    private static Set<String> lookedAt(MethodNode method, List<Integer> here, List<Code.Parsed> nest) {
        Set<String> fields = new HashSet<>();
        JumpInsnNode loop = here.isEmpty() ? null : loop(method, here);
        if (loop != null) {
            for (int at = method.instructions.indexOf(loop.label); at < method.instructions.indexOf(loop); at++) {
                AbstractInsnNode each = method.instructions.get(at);
                read(each, fields);
                if (each instanceof MethodInsnNode call) {
                    nest.stream()
                            .filter(inner -> inner.node().name.equals(call.owner))
                            .flatMap(inner -> inner.methods(call.name, call.desc).stream())
                            .forEach(called -> called.instructions.forEach(inner -> read(inner, fields)));
                }
            }
        }
        return fields;
    }

    private static void read(AbstractInsnNode instruction, Set<String> fields) {
        if (instruction.getOpcode() == Opcodes.GETFIELD || instruction.getOpcode() == Opcodes.GETSTATIC) {
            fields.add(key((FieldInsnNode) instruction));
        }
    }

    private static String key(FieldInsnNode field) {
        return field.owner.replace('/', '.') + "." + field.name;
    }

    /** The shortest jump back over where the thread stands. */
    static @Nullable JumpInsnNode loop(MethodNode method, List<Integer> here) {
        JumpInsnNode shortest = null;
        int length = Integer.MAX_VALUE;
        for (AbstractInsnNode each : method.instructions) {
            if (each instanceof JumpInsnNode jump) {
                int from = method.instructions.indexOf(each);
                int to = method.instructions.indexOf(jump.label);
                if (here.stream().allMatch(at -> to <= at && at <= from) && from - to < length) {
                    shortest = jump;
                    length = from - to;
                }
            }
        }
        return shortest;
    }

    /** The first place outside the waiting method and constructors that changes one of the fields. */
    private static Optional<Unsignalled> changed(Set<String> fields, MethodNode waits, List<Code.Parsed> nest) {
        for (Code.Parsed type : nest) {
            for (MethodNode method : type.node().methods) {
                boolean makes = method.name.equals("<init>") || method.name.equals("<clinit>");
                if (!makes && method != waits) {
                    Optional<Unsignalled> found = changed(fields, type, method);
                    if (found.isPresent()) {
                        return found;
                    }
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<Unsignalled> changed(Set<String> fields, Code.Parsed type, MethodNode method) {
        int line = -1;
        for (AbstractInsnNode each : method.instructions) {
            line = each instanceof LineNumberNode number ? number.line : line;
            Frame at = new Frame(type.name(), method.name, method.desc, type.node().sourceFile, line, -1);
            Optional<Unsignalled> found = fields.stream()
                    .filter(field -> changes(each, field, type, method))
                    .findFirst()
                    .map(field -> new Unsignalled(field, at));
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private static boolean changes(AbstractInsnNode instruction, String field, Code.Parsed type, MethodNode method) {
        if (instruction.getOpcode() == Opcodes.PUTFIELD || instruction.getOpcode() == Opcodes.PUTSTATIC) {
            return key((FieldInsnNode) instruction).equals(field);
        }
        Values values = instruction instanceof MethodInsnNode call && CHANGES.contains(call.name)
                ? Values.of(type, method)
                : null;
        return values != null
                && values.holds(
                        instruction,
                        Type.getArgumentTypes(((MethodInsnNode) instruction).desc).length,
                        source -> source instanceof FieldInsnNode read
                                && key(read).equals(field));
    }

    /** Whether the classes of the file end waits by interruptions; that a thread sets its own flag again is none. */
    private static boolean interrupts(List<Code.Parsed> nest) {
        for (Code.Parsed type : nest) {
            for (MethodNode method : type.node().methods) {
                for (AbstractInsnNode each : method.instructions) {
                    if (each instanceof MethodInsnNode call
                            && INTERRUPTS.contains(call.name)
                            && !interruptsItself(call, type, method)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private static boolean interruptsItself(MethodInsnNode call, Code.Parsed type, MethodNode method) {
        Values values = Values.of(type, method);
        return values != null
                && values.holds(
                        call,
                        Type.getArgumentTypes(call.desc).length,
                        source -> source instanceof MethodInsnNode current && current.name.equals("currentThread"));
    }
}
