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
 * Finds the only tasks that can end a wait: the thread waits for a latch or a future that its own method, or the one that made the
 * lambda expression it waits in, has made and given to nobody but lambda expressions that were handed to an executor or a thread. Thread-safe.
 *
 * <p>Nothing is told if the object goes anywhere else, or a lambda to anybody else: a callback may be called at any time.
 */
public final class LocalSignal {
    private static final Map<WaitKind, String> TYPES = Map.of(
            WaitKind.LATCH, "java/util/concurrent/CountDownLatch",
            WaitKind.FUTURE, "java/util/concurrent/CompletableFuture");
    private static final String FUTURE_TASK = "java/util/concurrent/FutureTask";
    private static final Set<String> RUNS = Set.of("run", "runAndReset", "cancel");

    /** Lambdas within lambdas. */
    private static final int DEEPEST = 3;

    private static final int MOST_ANSWERS = 500;

    private final Code code;
    private final Answers<Stack, Set<String>> answers = new Answers<>(MOST_ANSWERS);
    private final Answers<Stack, Boolean> neverRun = new Answers<>(MOST_ANSWERS);

    public LocalSignal(ClassBytes classes) {
        this.code = new Code(classes);
    }

    /** The methods, as class and name, behind the tasks of which one has to give what the thread waits for; none if it is not sure. */
    public synchronized Set<String> givers(Stack waiter, WaitKind kind) {
        return answers.of(waiter, unknown -> find(waiter.frames(), kind));
    }

    /** Whether the thread waits for a FutureTask that was made by code which neither runs it nor hands it to anybody. */
    public synchronized boolean isNeverRun(Stack waiter) {
        return neverRun.of(waiter, unknown -> {
            Made made = made(waiter.frames());
            Uses uses = new Uses(WaitKind.FUTURE, FUTURE_TASK);
            return made != null && made.isNew(FUTURE_TASK) && uses.stay(made, made.source()) && !uses.given;
        });
    }

    private Set<String> find(List<Frame> frames, WaitKind kind) {
        String type = TYPES.get(kind);
        Made made = type == null ? null : made(frames);
        if (made == null || type == null || TimedCode.delays(List.of(made.type()))) {
            return Set.of();
        }
        Uses uses = new Uses(kind, type);
        boolean sure = made.isNew(type) ? uses.stay(made, made.source()) && uses.given : uses.joins(made);
        if (sure && uses.givenByMaker && !made.direct()) {
            uses.bodies.add(made.type().name() + "." + made.method().name);
        }
        return sure ? Set.copyOf(uses.bodies) : Set.of();
    }

    /**
     * What a thread waits for, by the instruction that it comes from.
     *
     * @param direct whether the thread waits in that method itself, rather than in a lambda expression that was made there
     */
    private record Made(Code.Parsed type, MethodNode method, AbstractInsnNode source, boolean direct) {
        boolean isNew(String wanted) {
            return source instanceof TypeInsnNode fresh
                    && fresh.getOpcode() == Opcodes.NEW
                    && fresh.desc.equals(wanted);
        }
    }

    private @Nullable Made made(List<Frame> frames) {
        Code.Place place = code.caller(frames);
        if (place == null) {
            return null;
        }
        Code.Parsed type = place.type();
        int own = place.index();
        Frame frame = frames.get(own);
        for (MethodNode method : type.methods(frame.method(), frame.descriptor())) {
            AbstractInsnNode source = waitedFor(type, method, frame, frames.get(own - 1));
            if (source != null) {
                return maker(new Made(type, method, source, true), 0);
            }
        }
        return null;
    }

    /** Back from a lambda expression to the method that gave it what it uses. */
    private static @Nullable Made maker(Made made, int depth) {
        int local = Origins.parameter(made.source());
        if (local < 0 || depth > DEEPEST) {
            return made;
        }
        for (MethodNode method : made.type().node().methods) {
            for (AbstractInsnNode each : method.instructions) {
                Handle body = Nest.body(each);
                if (body != null
                        && body.getOwner().equals(made.type().node().name)
                        && body.getName().equals(made.method().name)
                        && body.getDesc().equals(made.method().desc)) {
                    AbstractInsnNode source = captured((InvokeDynamicInsnNode) each, body, local, made.type(), method);
                    return source == null ? null : maker(new Made(made.type(), method, source, false), depth + 1);
                }
            }
        }
        return null;
    }

    /** What a lambda expression has taken along into a local variable of its body; null if that has more than one source. */
    static @Nullable AbstractInsnNode captured(
            InvokeDynamicInsnNode lambda, Handle body, int local, Code.Parsed type, MethodNode method) {
        Values values = Values.of(type, method);
        int captured = Type.getArgumentTypes(lambda.desc).length;
        for (int number = 0; values != null && number < captured; number++) {
            if (local(body, number) == local) {
                return only(values.operand(lambda, captured - 1 - number));
            }
        }
        return null;
    }

    /** The local variable of a lambda expression's body that has what was captured as a number. */
    private static int local(Handle body, int captured) {
        boolean instance = body.getTag() != Opcodes.H_INVOKESTATIC; // the receiver is the first that is captured
        int local = instance && captured > 0 ? 1 : 0;
        Type[] types = Type.getArgumentTypes(body.getDesc());
        for (int i = 0; i < captured - (instance ? 1 : 0); i++) {
            local += types[i].getSize();
        }
        return local;
    }

    private static @Nullable AbstractInsnNode only(@Nullable SourceValue value) {
        return value == null || value.insns.size() != 1
                ? null
                : value.insns.iterator().next();
    }

    /** Where the object comes from that the frame's call is made on; null if it has more than one source. */
    private @Nullable AbstractInsnNode waitedFor(Code.Parsed type, MethodNode method, Frame frame, Frame callee) {
        Values values = Values.of(type, method);
        for (AbstractInsnNode each : Code.at(
                type, method, frame, it -> it instanceof MethodInsnNode call && call.name.equals(callee.method()))) {
            if (values != null && each instanceof MethodInsnNode call) {
                return only(values.operand(call, Type.getArgumentTypes(call.desc).length));
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
        private boolean givenByMaker;
        private int depth;
        private @Nullable AbstractInsnNode joined;

        Uses(WaitKind kind, String made) {
            this.kind = kind;
            this.made = made;
        }

        boolean stay(Made made, AbstractInsnNode source) {
            return stay(made.type(), made.method(), each -> each == source);
        }

        /** Whether it is a join of futures each of which only tasks of the same method can complete; notes these. */
        boolean joins(Made made) {
            Values values = Values.of(made.type(), made.method());
            boolean all = made.source() instanceof MethodInsnNode call
                    && call.owner.equals(this.made)
                    && (call.name.equals("allOf") || call.name.equals("anyOf"));
            joined = values == null || !all ? null : only(values.operand(made.source(), 0));
            if (joined == null || values == null || joined.getOpcode() != Opcodes.ANEWARRAY) {
                return false;
            }
            for (AbstractInsnNode each : made.method().instructions) {
                boolean element = each.getOpcode() == Opcodes.AASTORE && values.holds(each, 2, from -> from == joined);
                if (element && !isGiven(only(values.operand(each, 0)), made, values)) {
                    return false;
                }
            }
            return given;
        }

        private boolean isGiven(@Nullable AbstractInsnNode element, Made made, Values values) {
            if (element instanceof MethodInsnNode call && call.owner.equals(this.made) && runs(call)) {
                AbstractInsnNode task = only(values.operand(call, Type.getArgumentTypes(call.desc).length - 1));
                Handle body = task == null ? null : Nest.body(task);
                given |= body != null && bodies.add(body.getOwner().replace('/', '.') + "." + body.getName());
                return body != null;
            }
            return element != null
                    && new Made(made.type(), made.method(), element, true).isNew(this.made)
                    && stay(made, element);
        }

        /** Whether the object goes nowhere but into lambdas that are tasks; notes those that end the wait. */
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
                                : !stores(each) || !values.holds(each, 0, source) || isJoined(each, values);
                if (!fine) {
                    return false;
                }
            }
            return true;
        }

        private boolean isJoined(AbstractInsnNode store, Values values) {
            return joined != null
                    && store.getOpcode() == Opcodes.AASTORE
                    && values.holds(store, 2, from -> from == joined);
        }

        private boolean staysIn(MethodInsnNode call, Values values, Predicate<AbstractInsnNode> source) {
            int arguments = Type.getArgumentTypes(call.desc).length;
            for (int below = 0; below < arguments; below++) {
                if (values.holds(call, below, source)) {
                    return false;
                }
            }
            boolean receiver = call.getOpcode() != Opcodes.INVOKESTATIC && values.holds(call, arguments, source);
            boolean gives = receiver && (Giving.ends(call) == kind || RUNS.contains(call.name));
            given |= gives;
            givenByMaker |= gives && depth == 0;
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
                    int parameter = local(body, captured);
                    boolean before = given;
                    given = false;
                    depth++;
                    boolean stays = type.methods(body.getName(), body.getDesc()).stream()
                            .allMatch(each -> stay(type, each, from -> Origins.parameter(from) == parameter));
                    depth--;
                    if (given) {
                        bodies.add(type.name() + "." + body.getName());
                    }
                    given |= before;
                    return stays;
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
            case "start", "unstarted" -> call.owner.startsWith("java/lang/Thread$Builder");
            case "startVirtualThread" -> call.owner.equals("java/lang/Thread");
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
