// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import io.lockjam.model.WaitKind;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/** Tells from the code whether a thread can still have a lock of {@code java.util.concurrent.locks} where it stands. */
public final class HoldCode {
    private static final Set<String> TAKES = Set.of("lock", "lockInterruptibly", "tryLock");

    private static final Pattern LOCKS = Pattern.compile("(?i)lock|acquire|enter|guard|begin");

    /** JFR takes no deeper stacks: what is left out may have taken the lock. */
    private static final int WHOLE = 64;

    /** Calls within calls that are looked into. */
    private static final int DEEPEST = 2;

    private final Code code;
    private final Answers<Frame, Boolean> leaving = new Answers<>(5_000);
    private final Answers<Method, Boolean> taking = new Answers<>(5_000);

    private final Answers<Frame, Boolean> locking = new Answers<>(5_000);
    private final Answers<Stack, Optional<Frame>> once = new Answers<>(5_000);

    private record Method(String className, String name) {}

    public HoldCode(ClassBytes classes) {
        this.code = new Code(classes);
    }

    /**
     * Whether a thread that waited for the lock at a frame when it last had to may have it where it stands now. It may not if the method of that
     * frame always gives it back and has returned, and no method that the thread is in takes a lock. Thread-safe.
     */
    public synchronized boolean mayHold(Stack stack, Frame taken) {
        return stack.isIn(taken)
                || !leaving.of(taken, this::givesBack)
                || stack.frames().stream()
                        .anyMatch(each -> taking.of(new Method(each.className(), each.method()), this::takes));
    }

    /**
     * Whether by the code of all methods on the stack none of them takes a lock, nor calls one that returns with it: a lock that the thread has all the
     * same was left by a method that has ended. Thread-safe.
     */
    public synchronized boolean takesNone(Stack stack) {
        List<Frame> own =
                stack.frames().stream().filter(frame -> !frame.isJdk()).toList();
        return stack.frames().size() < WHOLE
                && !own.isEmpty()
                && own.stream().noneMatch(each -> locking.of(each, this::mayLock));
    }

    private boolean mayLock(Frame frame) {
        Code.Parsed type = code.parsed(frame.className());
        Set<String> visited = new HashSet<>();
        return type == null
                || type.methods(frame.method(), frame.descriptor()).stream()
                        .anyMatch(method -> mayLock(method, 0, visited));
    }

    /** Whether a method takes a lock, or, where it is called, returns with it. Of one whose code is not known the name tells. */
    private boolean mayLock(MethodNode method, int depth, Set<String> visited) {
        for (AbstractInsnNode each : method.instructions) {
            boolean dynamic = each instanceof InvokeDynamicInsnNode call
                    && !call.bsm.getOwner().startsWith("java/lang/"); // of Groovy: any call
            if (dynamic || (takes(each) && (depth == 0 || !givesBack(method, each)))) {
                return true;
            }
            if (each instanceof MethodInsnNode call
                    && !isOfLock(call)
                    && visited.add(call.owner + call.name + call.desc)) {
                Code.Parsed type = code.parsed(call.owner.replace('/', '.'));
                List<MethodNode> called = type == null
                        ? List.of()
                        : type.methods(call.name, call.desc).stream()
                                .filter(body -> body.instructions.size() > 0)
                                .toList();
                boolean locks = called.isEmpty()
                        ? LOCKS.matcher(call.name).find()
                        : depth < DEEPEST && called.stream().anyMatch(body -> mayLock(body, depth + 1, visited));
                if (locks) {
                    return true;
                }
            }
        }
        return false;
    }

    /**
     * The frame of a method that has taken a lock or a permit, comes to where the stack stands once while it has it, and gives it back whatever way it goes:
     * each time that the thread stands there is a hold of its own. Thread-safe.
     */
    public synchronized Optional<Frame> heldOnce(Stack stack) {
        return once.of(stack, unknown -> findHeldOnce(stack.frames()));
    }

    private Optional<Frame> findHeldOnce(List<Frame> frames) {
        for (int i = 0; i < frames.size(); i++) {
            Frame frame = frames.get(i);
            if (frame.isJdk()) {
                continue;
            }
            Code.Parsed type = code.parsed(frame.className());
            List<MethodNode> methods = type == null ? List.of() : type.methods(frame.method(), frame.descriptor());
            List<Integer> here =
                    type != null && methods.size() == 1 ? Code.stands(type, methods.get(0), frames, i) : List.of();
            if (here.isEmpty()) {
                return Optional.empty();
            }
            MethodNode method = methods.get(0);
            BitSet held = new Flow(method).after(here, at -> givesAny(method.instructions.get(at)));
            if (here.stream().anyMatch(held::get)) {
                return Optional.empty();
            }
            boolean leaves = held.stream().anyMatch(at -> isReturn(method.instructions.get(at)));
            if (!leaves && Arrays.stream(method.instructions.toArray()).anyMatch(HoldCode::takesAny)) {
                return Optional.of(frame);
            }
        }
        return Optional.empty();
    }

    private static boolean takesAny(AbstractInsnNode instruction) {
        return takes(instruction)
                || (instruction instanceof MethodInsnNode call
                        && (Giving.takes(call, WaitKind.SEMAPHORE) || Giving.takes(call, WaitKind.STAMPED)));
    }

    private static boolean givesAny(AbstractInsnNode instruction) {
        return gives(instruction)
                || (instruction instanceof MethodInsnNode call
                        && (Giving.ends(call) == WaitKind.SEMAPHORE || Giving.ends(call) == WaitKind.STAMPED));
    }

    /** Whether nothing but an exception leads from where the frame takes a lock out of its method, unless the lock is given back. */
    private boolean givesBack(Frame taken) {
        Code.Parsed type = code.parsed(taken.className());
        if (type == null) {
            return false;
        }
        List<MethodNode> methods = type.methods(taken.method(), taken.descriptor()).stream()
                .filter(method -> !Code.at(type, method, taken, HoldCode::takes).isEmpty())
                .toList();
        return methods.size() == 1 && givesBack(type, methods.get(0), taken);
    }

    private static boolean givesBack(Code.Parsed type, MethodNode method, Frame taken) {
        return Code.at(type, method, taken, HoldCode::takes).stream().allMatch(take -> givesBack(method, take));
    }

    private static boolean givesBack(MethodNode method, AbstractInsnNode take) {
        BitSet after = new Flow(method)
                .onward(
                        method.instructions.indexOf(take),
                        at -> gives(method.instructions.get(at)),
                        (from, to) -> false);
        return after.stream().noneMatch(at -> isReturn(method.instructions.get(at)));
    }

    private boolean takes(Method method) {
        Code.Parsed type = code.parsed(method.className());
        if (type == null) {
            return false;
        }
        for (MethodNode each : type.methods(method.name(), null)) {
            for (AbstractInsnNode instruction : each.instructions) {
                if (takes(instruction)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean takes(AbstractInsnNode instruction) {
        return instruction instanceof MethodInsnNode call && isOfLock(call) && TAKES.contains(call.name);
    }

    private static boolean gives(AbstractInsnNode instruction) {
        return instruction instanceof MethodInsnNode call && isOfLock(call) && call.name.equals("unlock");
    }

    private static boolean isOfLock(MethodInsnNode call) {
        return call.owner.startsWith("java/util/concurrent/locks/");
    }

    private static boolean isReturn(AbstractInsnNode instruction) {
        return instruction.getOpcode() >= Opcodes.IRETURN && instruction.getOpcode() <= Opcodes.RETURN;
    }
}
