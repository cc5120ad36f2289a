// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TypeInsnNode;
import org.objectweb.asm.tree.analysis.SourceValue;

/** Tells from the code whether a thread waits for the end of the pool that a task was handed to. Thread-safe. */
public final class OwnPoolCode {
    private static final int MOST_ANSWERS = 500;
    private static final Set<String> ENDS = Set.of("awaitTermination", "close");
    private static final Set<String> HANDS_IN =
            Set.of("submit", "execute", "schedule", "scheduleAtFixedRate", "scheduleWithFixedDelay");

    /** Whoever waits longer than this for the end of a pool counts on it. */
    private static final long FOR_GOOD_SECONDS = 60;

    private final Code code;
    private final Answers<Question, Boolean> answers = new Answers<>(MOST_ANSWERS);

    private record Question(Stack awaiting, Stack task, boolean forGood) {}

    public OwnPoolCode(ClassBytes classes) {
        this.code = new Code(classes);
    }

    /** Whether a task waits for the end of its own pool, by the name that the code has for the pool. */
    public boolean awaitsOwnEnd(Stack stack) {
        return awaitsEndOf(stack, stack, false);
    }

    /**
     * Whether one thread waits for the end of the pool that the task of the other was handed to.
     *
     * @param forGood whether only if the wait has no limit below a minute
     */
    public synchronized boolean awaitsEndOf(Stack awaiting, Stack task, boolean forGood) {
        return answers.of(
                new Question(awaiting, task, forGood), unknown -> find(awaiting.frames(), task.frames(), forGood));
    }

    private boolean find(List<Frame> frames, List<Frame> runs, boolean forGood) {
        int waits = 0;
        while (waits < frames.size() && frames.get(waits).isJdk()) {
            waits++;
        }
        Frame task = runs.stream()
                .filter(frame -> !frame.isJdk())
                .reduce((inner, outer) -> outer)
                .orElse(null);
        boolean ends = waits > 0
                && waits < frames.size()
                && ENDS.contains(frames.get(waits - 1).method());
        Code.Parsed type = ends && task != null ? code.parsed(frames.get(waits).className()) : null;
        if (type == null || task == null) {
            return false;
        }
        for (MethodNode method : type.methods(frames.get(waits).method(), null)) {
            for (int at : Code.stands(type, method, frames, waits)) {
                if (method.instructions.get(at) instanceof MethodInsnNode call
                        && ENDS.contains(call.name)
                        && (!forGood || lasts(call, type, method))) {
                    String name = LockTrail.receiver(code, frames, type, method, call, waits);
                    if ((name != null && isField(name) && isHandedTo(name, task))
                            || isHandedHere(call, task, type, method)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    /** Other names may stand for several pools. */
    private boolean isField(String name) {
        int dot = name.lastIndexOf('.');
        Code.Parsed owner = dot < 0 ? null : code.parsed(name.substring(0, dot));
        return owner != null && owner.field(name.substring(dot + 1)) != null;
    }

    private static boolean lasts(MethodInsnNode call, Code.Parsed type, MethodNode method) {
        Values values = call.name.equals("close") ? null : Values.of(type, method);
        if (values == null) {
            return call.name.equals("close");
        }
        return only(values.operand(call, 0)) instanceof FieldInsnNode unit
                        && unit.owner.equals("java/util/concurrent/TimeUnit")
                        && only(values.operand(call, 1)) instanceof LdcInsnNode constant
                        && constant.cst instanceof Long limit
                ? TimeUnit.valueOf(unit.name).toSeconds(limit) >= FOR_GOOD_SECONDS
                : lastsOne(values, call);
    }

    /** The compiler has instructions of their own for 0 and 1. */
    private static boolean lastsOne(Values values, MethodInsnNode call) {
        AbstractInsnNode limit = only(values.operand(call, 1));
        return limit != null
                && limit.getOpcode() == Opcodes.LCONST_1
                && only(values.operand(call, 0)) instanceof FieldInsnNode unit
                && unit.owner.equals("java/util/concurrent/TimeUnit")
                && TimeUnit.valueOf(unit.name).toSeconds(1) >= FOR_GOOD_SECONDS;
    }

    private static @Nullable AbstractInsnNode only(@Nullable SourceValue value) {
        return value == null || value.insns.size() != 1
                ? null
                : value.insns.iterator().next();
    }

    /** Whether the method that waits has handed the task to the pool itself, which only a local variable knows. */
    private static boolean isHandedHere(MethodInsnNode ends, Frame task, Code.Parsed type, MethodNode method) {
        Values values = Values.of(type, method);
        AbstractInsnNode pool =
                values == null ? null : only(values.operand(ends, Type.getArgumentTypes(ends.desc).length));
        for (AbstractInsnNode each :
                pool == null || values == null ? new AbstractInsnNode[0] : method.instructions.toArray()) {
            if (values != null
                    && each instanceof MethodInsnNode call
                    && handsIn(call)
                    && values.holds(call, Type.getArgumentTypes(call.desc).length, source -> source == pool)
                    && hands(call, task, values)) {
                return true;
            }
        }
        return false;
    }

    private static boolean handsIn(MethodInsnNode call) {
        return HANDS_IN.contains(call.name) && call.owner.startsWith("java/util/concurrent/");
    }

    private boolean isHandedTo(String pool, Frame task) {
        for (Code.Parsed type : Nest.of(code, new Stack(List.of(task)), "")) {
            for (MethodNode method : type.node().methods) {
                for (AbstractInsnNode each : method.instructions) {
                    if (each instanceof MethodInsnNode call
                            && handsIn(call)
                            && hands(call, task, Values.of(type, method))
                            && pool.equals(LockTrail.receiver(code, List.of(), type, method, call, -1))) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private static boolean hands(MethodInsnNode call, Frame task, @Nullable Values values) {
        int arguments = Type.getArgumentTypes(call.desc).length;
        return values != null && values.holds(call, arguments - 1, source -> isBody(source, task));
    }

    private static boolean isBody(AbstractInsnNode source, Frame task) {
        Handle body = Nest.body(source);
        String type = task.className().replace('.', '/');
        return body != null
                ? body.getOwner().equals(type) && body.getName().equals(task.method())
                : source instanceof TypeInsnNode made && made.getOpcode() == Opcodes.NEW && made.desc.equals(type);
    }
}
