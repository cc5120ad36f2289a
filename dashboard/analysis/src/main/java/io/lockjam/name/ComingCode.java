// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import io.lockjam.model.Frame;
import io.lockjam.model.Initial;
import io.lockjam.model.Stack;
import io.lockjam.model.WaitKind;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TypeInsnNode;

/**
 * Tells from the code by which methods a thread comes to those that end a wait, and whether a thread is on its way there. Thread-safe.
 *
 * <p>It begins in the classes that lie in one file, and climbs through all that lie beside them, from each call to the methods that make it. A lambda
 * expression that is not handed to an executor, a scheduler or a thread is a callback, which may be called at any time, and so may a method that
 * nobody there calls.
 */
public final class ComingCode {
    /** Descriptors of what may be waited for. */
    private static final Map<WaitKind, Predicate<String>> TYPES = Map.of(
            WaitKind.LATCH, named("CountDownLatch"),
            WaitKind.BARRIER, named("CyclicBarrier"),
            WaitKind.PHASER, named("Phaser"),
            WaitKind.EXCHANGER, named("Exchanger"),
            WaitKind.FUTURE, named("CompletableFuture"),
            WaitKind.QUEUE_TAKE, named("\\w*(Queue|Deque|CompletionService)"),
            WaitKind.CONDITION, named("locks/Condition"),
            WaitKind.OBJECT_WAIT, type -> false); // anything, see WIDER
    /** As which a queue or a future is handed on, too. */
    private static final Set<String> WIDER = Set.of(
            "Ljava/lang/Object;",
            "Ljava/util/Collection;",
            "Ljava/util/Queue;",
            "Ljava/util/Deque;",
            "[Ljava/lang/Object;");
    /** Of a future, by which others than the methods that complete it may do so. */
    private static final Pattern ELSEWHERE = Pattern.compile("\\w*imeout|completeAsync|obtrude\\w*");

    private static final Set<WaitKind> MEETINGS = EnumSet.of(WaitKind.BARRIER, WaitKind.PHASER, WaitKind.EXCHANGER);
    private static final int MOST_ANSWERS = 5_000;

    /** Calls within calls through which a task is followed to the executor or thread that runs it. */
    private static final int DEEPEST = 3;

    private final ClassBytes bytes;
    private final Code code;
    private final InitialCode initials;
    private final WakingCode waking;
    private final Kin kin;
    private final Answers<Object, Object> answers = new Answers<>(MOST_ANSWERS);

    private record Climb(Stack waiter, WaitKind kind, String name) {}

    private record Walk(Stack stack, Set<String> ways) {}

    private static Predicate<String> named(String type) {
        return Pattern.compile("Ljava/util/concurrent/" + type + ";").asMatchPredicate();
    }

    public ComingCode(ClassBytes classes) {
        this.bytes = classes;
        this.code = new Code(classes);
        this.initials = new InitialCode(classes);
        this.waking = new WakingCode(classes, code);
        this.kin = new Kin(code);
    }

    /**
     * The methods, as class and name, that lead to calls which end a wait of a kind; none if others may come there, too. Threads come to a
     * barrier of their own accord, but anything may count down a latch, so a method that nobody calls may be a callback.
     *
     * @param name as the code has it for what is waited for; what it is passed on to may know it by another, but not by one that something
     *     else is made under
     */
    public synchronized Set<String> ways(Stack waiter, WaitKind kind, String name) {
        return asked(new Climb(waiter, kind, name), () -> {
            List<Code.Parsed> nest = Nest.withTasks(code, waiter, name);
            Climber climber = new Climber(nest, name, MEETINGS.contains(kind));
            boolean alias = initials.initial(waiter, name) == Initial.UNKNOWN; // it may be made under any name
            Predicate<String> type = TYPES.get(kind);
            boolean sure = type != null
                    && !Nest.isOpen(nest, name, type)
                    && !TimedCode.delays(nest)
                    && climber.begins(
                            kind,
                            given -> given == null
                                    || alias
                                    || given.equals(name)
                                    || initials.initial(waiter, given) == Initial.UNKNOWN);
            return sure ? climber.climb() : Set.of();
        });
    }

    /**
     * The same for a signal: only if no class but those of the file of the waiter gives one.
     *
     * @param object the class of what is waited for
     */
    public synchronized Set<String> waysOfSignal(Stack waiter, WaitKind kind, String name, String object) {
        List<Code.Parsed> nest = Nest.withTasks(code, waiter, name);
        Code.Parsed waits =
                waiter.site().map(frame -> code.parsed(frame.className())).orElse(null);
        return waits != null
                        && Neighbours.areKnown(waits.name(), bytes)
                        && waking.isNeverOutside(kind, name, object, waits, nest)
                ? ways(waiter, kind, name)
                : Set.of();
    }

    /** What a method reference such as {@code latch::countDown} calls. */
    private static MethodInsnNode call(Handle body) {
        return new MethodInsnNode(Opcodes.INVOKEVIRTUAL, body.getOwner(), body.getName(), body.getDesc(), false);
    }

    /** Whether further on in one of its methods a thread calls one of these, or makes a task of one. */
    public synchronized boolean comesTo(Stack stack, Set<String> ways) {
        return asked(new Walk(stack, ways), () -> walks(stack.frames(), ways));
    }

    @SuppressWarnings("unchecked") // a question has answers of one type
    private <T> T asked(Object question, Supplier<T> answer) {
        return (T) answers.of(question, unknown -> answer.get());
    }

    private boolean walks(List<Frame> frames, Set<String> ways) {
        for (int i = 0; i < frames.size(); i++) {
            Frame frame = frames.get(i);
            Code.Parsed type = frame.isJdk() ? null : code.parsed(frame.className());
            if (type != null) {
                for (MethodNode method : type.methods(frame.method(), frame.descriptor())) {
                    BitSet reached = new Flow(method).after(Code.stands(type, method, frames, i), at -> false);
                    boolean leads = reached.stream()
                            .anyMatch(at ->
                                    leads(method.instructions.get(at), ways) || startsMade(at, type, method, reached));
                    if (leads) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    /** Whether an instruction starts a thread or hands in a task that may have been made before: nobody knows which one. */
    private static boolean startsMade(int at, Code.Parsed type, MethodNode method, BitSet reached) {
        if (!(method.instructions.get(at) instanceof MethodInsnNode call)) {
            return false;
        }
        boolean starts = call.owner.equals("java/lang/Thread") && call.name.equals("start");
        int arguments = Type.getArgumentTypes(call.desc).length;
        boolean hands = arguments > 0 && (LocalSignal.runs(call) || TimedCode.schedules(call));
        Values values = starts || hands ? Values.of(type, method) : null;
        return values != null
                && values.holds(call, starts ? 0 : arguments - 1, source -> {
                    boolean made = source.getOpcode() == Opcodes.NEW || source.getOpcode() == Opcodes.INVOKEDYNAMIC;
                    return !made || !reached.get(method.instructions.indexOf(source));
                });
    }

    private boolean leads(AbstractInsnNode instruction, Set<String> ways) {
        return ways.stream().anyMatch(way -> leads(instruction, way));
    }

    /** Whether an instruction calls a method, makes a lambda expression of it, or an object whose only purpose is to be run by it. */
    private boolean leads(AbstractInsnNode instruction, String way) {
        Handle body = Nest.body(instruction);
        if (body != null) {
            return way.equals(method(body.getOwner(), body.getName()));
        }
        if (instruction instanceof MethodInsnNode call) {
            return kin.isCall(call, way);
        }
        return instruction instanceof TypeInsnNode made && made.getOpcode() == Opcodes.NEW && isRunBy(made.desc, way);
    }

    private static boolean isRunBy(String type, String way) {
        return way.equals(method(type, "run")) || way.equals(method(type, "call"));
    }

    private static String method(String owner, String name) {
        return owner.replace('/', '.') + "." + name;
    }

    /** The way from the calls that end a wait out to the methods that nobody calls. */
    private final class Climber {
        private final List<Code.Parsed> nest;
        private final List<Code.Parsed> all;
        private final String name;
        private final boolean openEnded;
        private final Map<String, Boolean> inTask = new HashMap<>();
        private final Deque<String> open = new ArrayDeque<>();

        Climber(List<Code.Parsed> nest, String name, boolean openEnded) {
            this.nest = nest;
            this.all = Neighbours.with(nest, bytes, code);
            this.name = name;
            this.openEnded = openEnded;
        }

        /** Whether it is sure who runs each call that ends such a wait; notes the methods that make one. */
        boolean begins(WaitKind kind, Predicate<@Nullable String> mayBe) {
            for (Code.Parsed type : nest) {
                for (MethodNode method : type.node().methods) {
                    for (AbstractInsnNode each : method.instructions) {
                        Handle body = Nest.body(each);
                        boolean refers = body != null && ends(call(body), kind);
                        boolean calls = each instanceof MethodInsnNode call && ends(call, kind);
                        if (each instanceof MethodInsnNode call
                                && (passesOn(call, kind, mayBe, type, method)
                                        || endsElsewhere(call, kind, mayBe, type, method))) {
                            return false;
                        }
                        if ((calls || refers) && mayBe.test(nameOf(each, type, method))) {
                            if (refers && !isTask(each, type, method)) {
                                return false;
                            }
                            add(method(type.node().name, method.name), refers);
                        }
                    }
                }
            }
            return true;
        }

        private static boolean ends(MethodInsnNode call, WaitKind kind) {
            return Giving.ends(call) == kind || (kind == WaitKind.QUEUE_TAKE && Giving.mayPut(call));
        }

        private boolean endsElsewhere(
                MethodInsnNode call,
                WaitKind kind,
                Predicate<@Nullable String> mayBe,
                Code.Parsed type,
                MethodNode method) {
            return kind == WaitKind.FUTURE
                    && call.owner.equals("java/util/concurrent/CompletableFuture")
                    && ELSEWHERE.matcher(call.name).matches()
                    && mayBe.test(nameOf(call, type, method));
        }

        /** Whether code that is not looked into gets it. */
        private boolean passesOn(
                MethodInsnNode call,
                WaitKind kind,
                Predicate<@Nullable String> mayBe,
                Code.Parsed type,
                MethodNode method) {
            Type[] arguments = Type.getArgumentTypes(call.desc);
            boolean outside =
                    nest.stream().noneMatch(inside -> inside.node().name.equals(call.owner));
            boolean tier = kind == WaitKind.PHASER && call.owner.equals("java/util/concurrent/Phaser");
            for (int i = 0; outside && !tier && i < arguments.length; i++) {
                String as = arguments[i].getDescriptor();
                boolean able = Objects.requireNonNull(TYPES.get(kind)).test(as);
                boolean passed = able || WIDER.contains(as);
                String given = passed ? argument(call, arguments.length - 1 - i, type, method) : null;
                if ((able && mayBe.test(given)) || (passed && name.equals(given))) {
                    return true;
                }
            }
            return false;
        }

        private @Nullable String argument(MethodInsnNode call, int below, Code.Parsed type, MethodNode method) {
            ValueTrail trail = ValueTrail.of(code, type, method);
            return trail != null && trail.operand(call, below, 0) instanceof Origin.Named named ? named.name() : null;
        }

        private @Nullable String nameOf(AbstractInsnNode giving, Code.Parsed type, MethodNode method) {
            if (giving instanceof MethodInsnNode call) {
                return LockTrail.receiver(code, List.of(), type, method, call, -1);
            }
            ValueTrail trail = ValueTrail.of(code, type, method);
            return trail != null
                            && giving instanceof InvokeDynamicInsnNode reference
                            && trail.bound(reference, 0) instanceof Origin.Named named
                    ? named.name()
                    : null;
        }

        /** Out from these to the methods that nobody calls. */
        Set<String> climb() {
            while (!open.isEmpty()) {
                if (!climb(open.remove())) {
                    return Set.of();
                }
            }
            return Set.copyOf(inTask.keySet());
        }

        private void add(String way, boolean task) {
            Boolean known = inTask.get(way);
            if (known == null || (known && !task)) {
                inTask.put(way, task);
                open.add(way);
            }
        }

        /** Whether it is sure who comes by this way. */
        private boolean climb(String way) {
            boolean called = inTask.getOrDefault(way, false) || openEnded || isBegin(way);
            for (Code.Parsed type : all) {
                for (MethodNode method : type.node().methods) {
                    for (AbstractInsnNode each : method.instructions) {
                        if (leads(each, way)) {
                            boolean plain = each instanceof MethodInsnNode;
                            if (!plain && !isTask(each, type, method)) {
                                return false;
                            }
                            called = true;
                            add(method(type.node().name, method.name), !plain || inTask.getOrDefault(way, false));
                        }
                    }
                }
            }
            return called;
        }

        /** Which the JVM calls, once. */
        private boolean isBegin(String way) {
            return way.endsWith(".<clinit>")
                    || all.stream()
                            .filter(type -> way.equals(type.name() + ".main"))
                            .flatMap(type -> type.methods("main", "([Ljava/lang/String;)V").stream())
                            .anyMatch(method -> (method.access & Opcodes.ACC_STATIC) != 0);
        }

        /** Whether every call that gets what an instruction makes runs it as a task, as far as the code shows, and not when the program ends. */
        private boolean isTask(AbstractInsnNode made, Code.Parsed type, MethodNode method) {
            Values values = Values.of(type, method);
            boolean handed = made.getOpcode() == Opcodes.NEW;
            for (AbstractInsnNode each : method.instructions) {
                if (each instanceof MethodInsnNode call && call.name.equals("addShutdownHook")) {
                    return false;
                }
                boolean lambda = made instanceof InvokeDynamicInsnNode;
                if (lambda && values != null && each instanceof MethodInsnNode call && takes(call, made, values)) {
                    handed = true;
                    if (!LocalSignal.runs(call) && !TimedCode.schedules(call) && !handsOn(call, new HashSet<>(), 1)) {
                        return false;
                    }
                }
            }
            return handed;
        }

        private static boolean takes(MethodInsnNode call, AbstractInsnNode lambda, Values values) {
            int arguments = Type.getArgumentTypes(call.desc).length;
            for (int below = 0; below < arguments; below++) {
                if (values.holds(call, below, source -> source == lambda)) {
                    return true;
                }
            }
            return false;
        }

        private boolean handsOn(MethodInsnNode call, Set<String> visited, int depth) {
            Code.Parsed type = depth > DEEPEST || !visited.add(call.owner + call.name + call.desc)
                    ? null
                    : code.parsed(call.owner.replace('/', '.'));
            for (MethodNode method : type == null ? List.<MethodNode>of() : type.methods(call.name, call.desc)) {
                for (AbstractInsnNode each : method.instructions) {
                    boolean runs = each instanceof MethodInsnNode inner
                            && (LocalSignal.runs(inner) || handsOn(inner, visited, depth + 1));
                    if (runs) {
                        return true;
                    }
                }
            }
            return false;
        }
    }
}
