// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import io.lockjam.model.WaitKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.analysis.SourceValue;

/**
 * Tells from the code whether a thread gives back what it waits for, as the user of a pool or of a lock does and a consumer does not. Thread-safe.
 *
 * <p>One of the methods on its stack must come, on every way that does not throw, from the call that waits to one that gives: at a queue it puts the
 * very thing there that it got; at a monitor or condition it wakes the next in another method than the one that waits. A worker that puts new
 * tasks, or its own task again if that is not done, does neither.
 */
public final class BorrowCode {
    /** Calls within calls that are looked into: the end of a lease calls its pool, which puts. */
    private static final int DEEPEST = 2;

    /** Of the application's, from the wait outwards. */
    private static final int MOST_FRAMES = 12;

    private static final int MOST_METHODS = 200;
    private static final int MOST_ANSWERS = 1_000;

    private final Code code;
    private final Answers<Question, Boolean> answers = new Answers<>(MOST_ANSWERS);

    /** Methods of collections and atomic numbers. */
    private static final Set<String> CHANGES = Set.of(
            "add",
            "put",
            "push",
            "remove",
            "removeFirst",
            "removeLast",
            "pop",
            "poll",
            "pollFirst",
            "pollLast",
            "set",
            "compareAndSet",
            "decrementAndGet",
            "getAndDecrement");

    /** @param always on every way that does not throw, or on one at least */
    private record Question(Stack waiter, WaitKind kind, String name, boolean always) {}

    public BorrowCode(ClassBytes classes) {
        this.code = new Code(classes);
    }

    /**
     * Whether the waiter gives it back; false if its code cannot be read.
     *
     * @param name as the code has it for what is waited for
     */
    public boolean givesBack(Stack waiter, WaitKind kind, String name) {
        return ask(new Question(waiter, kind, name, true));
    }

    /** Whether there is a way on which it gives it back, as the user of a pool does that keeps what it took on another. */
    public boolean mayGiveBack(Stack waiter, WaitKind kind, String name) {
        return ask(new Question(waiter, kind, name, false));
    }

    private synchronized boolean ask(Question question) {
        return answers.of(question, this::find);
    }

    private boolean find(Question question) {
        List<Frame> frames = question.waiter().frames();
        int own = 0;
        boolean permit = question.kind() == WaitKind.SEMAPHORE && !question.always();
        if (question.kind() != WaitKind.QUEUE_TAKE && !permit && !claims(question.waiter())) {
            return false;
        }
        for (int i = 1; i < frames.size() && own < MOST_FRAMES; i++) {
            Code.Parsed type =
                    frames.get(i).isJdk() ? null : code.parsed(frames.get(i).className());
            own += frames.get(i).isJdk() ? 0 : 1;
            if (type != null && givesBack(question, type, i)) {
                return true;
            }
        }
        return false;
    }

    private boolean givesBack(Question question, Code.Parsed type, int index) {
        Frame frame = question.waiter().frames().get(index);
        Frame callee = question.waiter().frames().get(index - 1);
        for (MethodNode method : type.methods(frame.method(), frame.descriptor())) {
            List<MethodInsnNode> calls = calls(method, frame, callee);
            Values values = calls.isEmpty() ? null : Values.of(type, method);
            for (MethodInsnNode call : values == null ? List.<MethodInsnNode>of() : calls) {
                if (new Borrowing(question, type, method, Objects.requireNonNull(values), call, index).isGivenBack()) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether the method that waits changes something besides: who waits for its turn only looks. */
    private boolean claims(Stack waiter) {
        Frame waits = waiter.site().orElse(null);
        if (waits == null) {
            return false;
        }
        Code.Parsed type = code.parsed(waits.className());
        return type != null
                && type.methods(waits.method(), waits.descriptor()).stream()
                        .flatMap(method -> Arrays.stream(method.instructions.toArray()))
                        .anyMatch(BorrowCode::changes);
    }

    private static boolean changes(AbstractInsnNode instruction) {
        boolean stores = instruction.getOpcode() == Opcodes.PUTFIELD || instruction.getOpcode() == Opcodes.PUTSTATIC;
        return stores || (instruction instanceof MethodInsnNode call && CHANGES.contains(call.name));
    }

    /** Those at which a frame may stand, by its line: a class with probes in it runs with other bytecode indexes. */
    private static List<MethodInsnNode> calls(MethodNode method, Frame frame, Frame callee) {
        List<MethodInsnNode> calls = new ArrayList<>();
        for (AbstractInsnNode each : Code.onLine(method, frame.line())) {
            if (each instanceof MethodInsnNode call && call.name.equals(callee.method())) {
                calls.add(call);
            }
        }
        return calls;
    }

    private static boolean isConstant(AbstractInsnNode source) {
        return source.getOpcode() == Opcodes.GETSTATIC
                || source.getOpcode() == Opcodes.LDC
                || (source instanceof MethodInsnNode boxed && boxed.name.equals("valueOf"));
    }

    /** A call that gets something, and the method that makes it. */
    private final class Borrowing {
        private final Question question;
        private final Code.Parsed type;
        private final MethodNode method;
        private final Values values;
        private final MethodInsnNode taken;
        private final int index;
        private final Set<String> visited = new HashSet<>();

        Borrowing(
                Question question,
                Code.Parsed type,
                MethodNode method,
                Values values,
                MethodInsnNode taken,
                int index) {
            this.question = question;
            this.type = type;
            this.method = method;
            this.values = values;
            this.taken = taken;
            this.index = index;
        }

        boolean isGivenBack() {
            BitSet giving = new BitSet();
            for (AbstractInsnNode each : method.instructions) {
                if (each instanceof MethodInsnNode call && gives(call)) {
                    giving.set(method.instructions.indexOf(each));
                }
            }
            int at = method.instructions.indexOf(taken);
            giving.clear(at);
            if (!question.always()) {
                return !giving.isEmpty()
                        && new Flow(method)
                                .onward(at, each -> false, this::isNull)
                                .intersects(giving);
            }
            BitSet reached = giving.isEmpty() ? giving : new Flow(method).onward(at, giving::get, this::isNull);
            return !giving.isEmpty()
                    && !reached.get(at)
                    && reached.stream().noneMatch(each -> isReturn(method.instructions.get(each)));
        }

        private static boolean isReturn(AbstractInsnNode instruction) {
            return instruction.getOpcode() >= Opcodes.IRETURN && instruction.getOpcode() <= Opcodes.RETURN;
        }

        /** Whether a way is taken only if nothing was got. */
        private boolean isNull(int from, int to) {
            AbstractInsnNode test = method.instructions.get(from);
            if (!(test instanceof JumpInsnNode jump) || !values.holds(test, 0, source -> source.equals(taken))) {
                return false;
            }
            boolean jumps = to == method.instructions.indexOf(jump.label);
            return (test.getOpcode() == Opcodes.IFNULL && jumps) || (test.getOpcode() == Opcodes.IFNONNULL && !jumps);
        }

        private boolean gives(MethodInsnNode call) {
            if (Giving.ends(call) == question.kind()) {
                return question.kind() == WaitKind.QUEUE_TAKE && isSame(call) && putsBack(call);
            }
            boolean queue = question.kind() == WaitKind.QUEUE_TAKE;
            visited.clear();
            boolean silent = !queue || taken.desc.endsWith(")V");
            return (silent || isHandedTo(call)) && (puts(call.owner, call, 1) || puts(holder(), call, 1));
        }

        /** The class whose method was called, where the code knows an interface only. */
        private String holder() {
            Frame callee = question.waiter().frames().get(index - 1);
            return callee.isJdk() ? "" : callee.className().replace('.', '/');
        }

        /** By its name; one without a name by where both calls have it from. */
        private boolean isSame(MethodInsnNode put) {
            String name = nameOf(put, type, method, index);
            SourceValue one = values.operand(put, Type.getArgumentTypes(put.desc).length);
            SourceValue other = values.operand(taken, Type.getArgumentTypes(taken.desc).length);
            boolean direct = question.waiter().frames().get(index - 1).isJdk();
            return name != null
                    ? name.equals(question.name())
                    : direct
                            && one != null
                            && other != null
                            && one.insns.stream().anyMatch(other.insns::contains);
        }

        private boolean putsBack(MethodInsnNode put) {
            return values.holds(put, element(put), source -> source.equals(taken) || isConstant(source));
        }

        private static int element(MethodInsnNode put) {
            return Type.getArgumentTypes(put.desc).length - 1;
        }

        private boolean isHandedTo(MethodInsnNode call) {
            int operands = Type.getArgumentTypes(call.desc).length + (call.getOpcode() == Opcodes.INVOKESTATIC ? 0 : 1);
            for (int below = 0; below < operands; below++) {
                if (values.holds(call, below, source -> source.equals(taken))) {
                    return true;
                }
            }
            return false;
        }

        private boolean puts(String owner, MethodInsnNode call, int depth) {
            boolean ours = !owner.isEmpty() && !new Frame(owner.replace('/', '.'), "", null, null, -1, -1).isJdk();
            boolean fresh = ours
                    && depth <= DEEPEST
                    && visited.size() < MOST_METHODS
                    && visited.add(owner + "." + call.name + call.desc);
            Code.Parsed called = fresh ? code.parsed(owner.replace('/', '.')) : null;
            return called != null
                    && called.methods(call.name, call.desc).stream().anyMatch(body -> putsWithin(called, body, depth));
        }

        private boolean putsWithin(Code.Parsed called, MethodNode body, int depth) {
            for (AbstractInsnNode each : body.instructions) {
                if (each instanceof MethodInsnNode call) {
                    boolean ends = Giving.ends(call) == question.kind();
                    boolean found = ends
                            ? question.name().equals(nameOf(call, called, body, -1)) && isFit(called, body, call)
                            : puts(call.owner, call, depth + 1);
                    if (found) {
                        return true;
                    }
                }
            }
            return false;
        }

        /** What a queue gets back is what the method was given, or has; who waits in the method does not wake another in passing. */
        private boolean isFit(Code.Parsed called, MethodNode body, MethodInsnNode call) {
            if (question.kind() != WaitKind.QUEUE_TAKE) {
                return question.waiter().frames().stream()
                        .noneMatch(frame -> frame.className().equals(called.name())
                                && frame.method().equals(body.name));
            }
            Predicate<AbstractInsnNode> old = source ->
                    Origins.parameter(source) >= 0 || source.getOpcode() == Opcodes.GETFIELD || isConstant(source);
            Values inner = Values.of(called, body);
            return inner != null && inner.holds(call, element(call), old);
        }

        private @Nullable String nameOf(MethodInsnNode call, Code.Parsed in, MethodNode body, int at) {
            return LockTrail.receiver(
                    code, at < 0 ? List.of() : question.waiter().frames(), in, body, call, at);
        }
    }
}
