// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import io.lockjam.model.Initial;
import io.lockjam.model.Stack;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.IntInsnNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.analysis.SourceValue;

/** Finds the call that makes a latch, semaphore or barrier of a name, and the number it begins with. Thread-safe. */
public final class InitialCode {
    private static final Set<String> MADE = Set.of(
            "java/util/concurrent/CountDownLatch",
            "java/util/concurrent/Semaphore",
            "java/util/concurrent/CyclicBarrier",
            "java/util/concurrent/Phaser",
            "java/util/concurrent/Exchanger",
            "java/util/concurrent/CompletableFuture",
            "java/util/concurrent/ExecutorCompletionService",
            "java/util/concurrent/ArrayBlockingQueue",
            "java/util/concurrent/LinkedBlockingQueue",
            "java/util/concurrent/LinkedBlockingDeque",
            "java/util/concurrent/LinkedTransferQueue",
            "java/util/concurrent/PriorityBlockingQueue",
            "java/util/concurrent/DelayQueue",
            "java/util/concurrent/SynchronousQueue");
    private static final Set<String> FAIR = Set.of(
            "java/util/concurrent/locks/ReentrantLock",
            "java/util/concurrent/locks/ReentrantReadWriteLock",
            "java/util/concurrent/Semaphore",
            "java/util/concurrent/ArrayBlockingQueue",
            "java/util/concurrent/SynchronousQueue");
    private static final int MOST_ANSWERS = 1_000;

    private final Code code;
    private final Answers<String, Initial> answers = new Answers<>(MOST_ANSWERS);

    public InitialCode(ClassBytes classes) {
        this.code = new Code(classes);
    }

    /** If the code makes it in several ways, the greatest number. */
    public synchronized Initial initial(Stack waiter, String name) {
        return answers.of(name, unknown -> find(waiter, name));
    }

    private Initial find(Stack waiter, String name) {
        Initial greatest = Initial.UNKNOWN;
        for (Code.Parsed type : Nest.of(code, waiter, name)) {
            for (MethodNode method : type.node().methods) {
                greatest = greater(greatest, made(type, method, name));
            }
        }
        return greatest;
    }

    /** Whether the code makes a lock, semaphore or queue of a name fair, by a constant {@code true}, wherever it makes one. */
    public synchronized boolean isFair(Stack waiter, String name) {
        List<AbstractInsnNode> last = new ArrayList<>();
        for (Code.Parsed type : Nest.of(code, waiter, name)) {
            for (MethodNode method : type.node().methods) {
                last.addAll(given(FAIR, type, method, name, false));
            }
        }
        return !last.isEmpty() && last.stream().allMatch(each -> each.getOpcode() == Opcodes.ICONST_1);
    }

    private static Initial greater(Initial one, Initial other) {
        if (one == Initial.UNKNOWN || other == Initial.UNKNOWN) {
            return one == Initial.UNKNOWN ? other : one;
        }
        return one.compareTo(other) >= 0 ? one : other;
    }

    private Initial made(Code.Parsed type, MethodNode method, String name) {
        Initial found = Initial.UNKNOWN;
        for (AbstractInsnNode each : given(MADE, type, method, name, true)) {
            found = greater(found, number(each));
        }
        return found;
    }

    /** Where the first or last argument of each call comes from that makes one; NOP if there is none, or it is not known. */
    private List<AbstractInsnNode> given(
            Set<String> types, Code.Parsed type, MethodNode method, String name, boolean first) {
        List<AbstractInsnNode> given = new ArrayList<>();
        Values values = null;
        for (AbstractInsnNode each : method.instructions) {
            if (each instanceof MethodInsnNode call && call.name.equals("<init>") && types.contains(call.owner)) {
                values = values == null ? Values.of(type, method) : values;
                int arguments = Type.getArgumentTypes(call.desc).length;
                AbstractInsnNode fresh = values == null ? null : only(values.operand(call, arguments));
                if (values != null && fresh != null && name.equals(nameOf(fresh, call, type, method))) {
                    int below = first ? arguments - 1 : 0;
                    AbstractInsnNode source = arguments == 0 ? null : only(values.operand(call, below));
                    given.add(source == null ? new InsnNode(Opcodes.NOP) : source);
                }
            }
        }
        return given;
    }

    /** By the field or variable that it is put into at once. */
    private @Nullable String nameOf(AbstractInsnNode fresh, MethodInsnNode init, Code.Parsed type, MethodNode method) {
        if (init.getNext() instanceof FieldInsnNode field
                && (field.getOpcode() == Opcodes.PUTFIELD || field.getOpcode() == Opcodes.PUTSTATIC)) {
            return code.declaring(field.owner.replace('/', '.'), field.name) + "." + field.name;
        }
        ValueTrail trail = ValueTrail.of(code, type, method);
        return trail != null && trail.made(fresh) instanceof Origin.Named named ? named.name() : null;
    }

    private static @Nullable AbstractInsnNode only(@Nullable SourceValue value) {
        return value == null || value.insns.size() != 1
                ? null
                : value.insns.iterator().next();
    }

    private static Initial number(@Nullable AbstractInsnNode source) {
        int opcode = source == null ? -1 : source.getOpcode();
        int number = opcode >= Opcodes.ICONST_0 && opcode <= Opcodes.ICONST_5
                ? opcode - Opcodes.ICONST_0
                : opcode == Opcodes.BIPUSH && source instanceof IntInsnNode constant
                        ? constant.operand
                        : source instanceof LdcInsnNode large && large.cst instanceof Integer value
                                ? value
                                : Integer.MAX_VALUE;
        return number <= 0 ? Initial.NONE : number == 1 ? Initial.ONE : Initial.MORE;
    }
}
