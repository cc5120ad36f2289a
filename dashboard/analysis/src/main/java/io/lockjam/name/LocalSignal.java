// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import io.lockjam.model.WaitKind;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TypeInsnNode;
import org.objectweb.asm.tree.analysis.SourceValue;

/**
 * Finds the only tasks that can end a wait: the thread waits for a latch or a future that its own method has made and given to nobody but
 * lambda expressions, and these were handed to an executor or a thread. Thread-safe.
 *
 * <p>Nothing is told if the object goes anywhere else, or a lambda to anybody else: a callback may be called at any time.
 */
public final class LocalSignal {
    private static final Map<WaitKind, String> TYPES = Map.of(
            WaitKind.LATCH, "java/util/concurrent/CountDownLatch",
            WaitKind.FUTURE, "java/util/concurrent/CompletableFuture");
    private static final int MOST_ANSWERS = 500;

    private final Code code;
    private final Answers<Stack, Set<String>> answers = new Answers<>(MOST_ANSWERS);

    public LocalSignal(ClassBytes classes) {
        this.code = new Code(classes);
    }

    /** The methods, as class and name, behind the tasks of which one has to give what the thread waits for; none if it is not sure. */
    public synchronized Set<String> givers(Stack waiter, WaitKind kind) {
        return answers.of(waiter, unknown -> find(waiter.frames(), kind));
    }

    private Set<String> find(List<Frame> frames, WaitKind kind) {
        int own = 0;
        while (own < frames.size() && frames.get(own).isJdk()) {
            own++;
        }
        String made = TYPES.get(kind);
        Code.Parsed type = own == 0 || own == frames.size()
                ? null
                : code.parsed(frames.get(own).className());
        if (type == null || made == null) {
            return Set.of();
        }
        Frame frame = frames.get(own);
        for (MethodNode method : type.methods(frame.method(), frame.descriptor())) {
            AbstractInsnNode source = waitedFor(type, method, frame, frames.get(own - 1));
            if (source instanceof TypeInsnNode fresh && fresh.desc.equals(made)) {
                Uses uses = new Uses(kind, made);
                boolean sure = uses.stay(type, method, each -> each == source) && uses.given;
                return sure ? Set.copyOf(uses.bodies) : Set.of();
            }
        }
        return Set.of();
    }

    /** Where the object comes from that the frame's call is made on; null if it has more than one source. */
    private @Nullable AbstractInsnNode waitedFor(Code.Parsed type, MethodNode method, Frame frame, Frame callee) {
        Values values = Values.of(type, method);
        for (AbstractInsnNode each : Code.at(
                type, method, frame, it -> it instanceof MethodInsnNode call && call.name.equals(callee.method()))) {
            if (values != null && each instanceof MethodInsnNode call) {
                SourceValue receiver = values.operand(call, Type.getArgumentTypes(call.desc).length);
                return receiver == null || receiver.insns.size() != 1
                        ? null
                        : receiver.insns.iterator().next();
            }
        }
        return null;
    }

    /** All uses of one object in the method that made it and in the lambdas that took it along. */
    private static final class Uses {
        private final WaitKind kind;
        private final String made;
        private final Set<String> bodies = new HashSet<>();
        private boolean given;

        Uses(WaitKind kind, String made) {
            this.kind = kind;
            this.made = made;
        }

        /** Whether the object goes nowhere but into lambdas that are tasks; notes these. */
        boolean stay(Code.Parsed type, MethodNode method, Predicate<AbstractInsnNode> source) {
            Values values = Values.of(type, method);
            if (values == null) {
                return false;
            }
            for (AbstractInsnNode each : method.instructions) {
                boolean fine = each instanceof MethodInsnNode call
                        ? staysIn(call, values, source)
                        : each instanceof InvokeDynamicInsnNode lambda
                                ? staysIn(lambda, type, method, values, source)
                                : !stores(each) || !values.holds(each, 0, source);
                if (!fine) {
                    return false;
                }
            }
            return true;
        }

        private boolean staysIn(MethodInsnNode call, Values values, Predicate<AbstractInsnNode> source) {
            int arguments = Type.getArgumentTypes(call.desc).length;
            for (int below = 0; below < arguments; below++) {
                if (values.holds(call, below, source)) {
                    return false;
                }
            }
            boolean receiver = call.getOpcode() != Opcodes.INVOKESTATIC && values.holds(call, arguments, source);
            given |= receiver && Giving.ends(call) == kind;
            return !receiver || (call.owner.equals(made) && !call.name.contains("imeout"));
        }

        private boolean staysIn(
                InvokeDynamicInsnNode lambda,
                Code.Parsed type,
                MethodNode method,
                Values values,
                Predicate<AbstractInsnNode> source) {
            int captured = Type.getArgumentTypes(lambda.desc).length;
            for (int below = 0; below < captured; below++) {
                if (values.holds(lambda, below, source)
                        && !(isTask(lambda, method, values) && staysInBody(lambda, type, captured - 1 - below))) {
                    return false;
                }
            }
            return true;
        }

        private boolean staysInBody(InvokeDynamicInsnNode lambda, Code.Parsed type, int captured) {
            for (Object argument : lambda.bsmArgs) {
                if (argument instanceof Handle body && body.getOwner().equals(type.node().name)) {
                    bodies.add(type.name() + "." + body.getName());
                    boolean instance = body.getTag() != Opcodes.H_INVOKESTATIC;
                    int local = instance ? 1 : 0; // the receiver is the first that is captured
                    Type[] types = Type.getArgumentTypes(body.getDesc());
                    for (int i = 0; i < captured - (instance ? 1 : 0); i++) {
                        local += types[i].getSize();
                    }
                    int parameter = local;
                    return type.methods(body.getName(), body.getDesc()).stream()
                            .allMatch(each -> stay(type, each, from -> Origins.parameter(from) == parameter));
                }
            }
            return false;
        }

        /** Whether every call that gets the lambda runs it as a task. */
        private boolean isTask(InvokeDynamicInsnNode lambda, MethodNode method, Values values) {
            boolean handed = false;
            for (AbstractInsnNode each : method.instructions) {
                if (each instanceof MethodInsnNode call) {
                    int operands = Type.getArgumentTypes(call.desc).length;
                    for (int below = 0; below < operands; below++) {
                        if (values.holds(call, below, from -> from == lambda)) {
                            handed = true;
                            if (!runs(call)) {
                                return false;
                            }
                        }
                    }
                }
            }
            return handed;
        }
    }

    /** Whether a call hands what it is given to an executor or a thread. */
    static boolean runs(MethodInsnNode call) {
        return switch (call.name) {
            case "execute", "submit" -> call.owner.startsWith("java/util/concurrent/");
            case "runAsync", "supplyAsync" -> call.owner.equals("java/util/concurrent/CompletableFuture");
            case "<init>" -> call.owner.equals("java/lang/Thread");
            default -> false;
        };
    }

    private static boolean stores(AbstractInsnNode instruction) {
        return switch (instruction.getOpcode()) {
            case Opcodes.PUTFIELD, Opcodes.PUTSTATIC, Opcodes.AASTORE, Opcodes.ARETURN -> true;
            default -> false;
        };
    }
}
