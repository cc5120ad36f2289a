// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
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
import org.objectweb.asm.tree.analysis.SourceValue;

/**
 * Finds where some classes have made a latch or a future, through the methods that return it and the lambda expressions that take it along. A future
 * that follows from another one counts as that.
 */
final class Making {
    private static final String FUTURE = "java/util/concurrent/CompletableFuture";
    private static final Set<String> MADE = Set.of(FUTURE, "java/util/concurrent/CountDownLatch");
    private static final Set<String> STAGES = Set.of(FUTURE, "java/util/concurrent/CompletionStage");

    /** Methods by which one future follows another, on the thread that completes it. */
    private static final Pattern FOLLOWS = Pattern.compile("then(Apply|Accept|Run)|handle|whenComplete|exceptionally");

    /** Methods and lambda expressions from the use to the making. */
    private static final int DEEPEST = 4;

    private final Code code;
    private final Set<String> classes;

    Making(Code code, Set<String> classes) {
        this.code = code;
        this.classes = classes;
    }

    /** Where an operand has been made, as text: instructions are parsed anew at times. Null if that is not known. */
    @Nullable
    Set<String> of(Code.Parsed type, MethodNode method, AbstractInsnNode instruction, int below) {
        Values values = Values.of(type, method);
        Set<String> made = new HashSet<>();
        boolean known = values != null && trace(values.operand(instruction, below), type, method, made, 0);
        return known ? made : null;
    }

    /** Where the future was made to a method of which is handed what an instruction makes, to be run when that is completed; null if it is none of these. */
    @Nullable
    Set<String> followed(Code.Parsed type, MethodNode method, AbstractInsnNode lambda) {
        Values values = Values.of(type, method);
        for (AbstractInsnNode each : method.instructions) {
            if (values != null
                    && each instanceof MethodInsnNode call
                    && STAGES.contains(call.owner)
                    && FOLLOWS.matcher(call.name).matches()
                    && values.holds(call, 0, source -> source == lambda)) {
                return of(type, method, call, 1);
            }
        }
        return null;
    }

    private boolean trace(
            @Nullable SourceValue value, Code.Parsed type, MethodNode method, Set<String> made, int depth) {
        return value != null
                && !value.insns.isEmpty()
                && depth <= DEEPEST
                && value.insns.stream().allMatch(source -> trace(source, type, method, made, depth));
    }

    private boolean trace(AbstractInsnNode source, Code.Parsed type, MethodNode method, Set<String> made, int depth) {
        if (source instanceof TypeInsnNode fresh) {
            made.add(type.name() + "." + method.name + method.desc + "@" + method.instructions.indexOf(fresh));
            return fresh.getOpcode() == Opcodes.NEW && MADE.contains(fresh.desc);
        }
        int local = Origins.parameter(source);
        if (local >= 0) {
            return captured(local, type, method, made, depth);
        }
        if (!(source instanceof MethodInsnNode call)) {
            return false;
        }
        if (STAGES.contains(call.owner) && FOLLOWS.matcher(call.name).matches()) {
            Values values = Values.of(type, method);
            return values != null && trace(values.operand(call, 1), type, method, made, depth + 1);
        }
        Code.Parsed owner =
                classes.contains(call.owner.replace('/', '.')) ? code.parsed(call.owner.replace('/', '.')) : null;
        List<MethodNode> methods = owner == null ? List.of() : owner.methods(call.name, call.desc);
        return owner != null
                && !methods.isEmpty()
                && methods.stream().allMatch(each -> returned(owner, each, made, depth + 1));
    }

    private boolean returned(Code.Parsed type, MethodNode method, Set<String> made, int depth) {
        Values values = Values.of(type, method);
        boolean returns = false;
        for (AbstractInsnNode each : method.instructions) {
            if (each.getOpcode() == Opcodes.ARETURN) {
                returns = true;
                if (values == null || !trace(values.operand(each, 0), type, method, made, depth)) {
                    return false;
                }
            }
        }
        return returns;
    }

    /** What the only lambda expression with this body has taken along in a local variable. */
    private boolean captured(int local, Code.Parsed type, MethodNode body, Set<String> made, int depth) {
        boolean found = false;
        for (MethodNode method : type.node().methods) {
            for (AbstractInsnNode each : method.instructions) {
                Handle handle = Nest.body(each);
                if (handle != null
                        && handle.getOwner().equals(type.node().name)
                        && handle.getName().equals(body.name)
                        && handle.getDesc().equals(body.desc)) {
                    AbstractInsnNode source =
                            LocalSignal.captured((InvokeDynamicInsnNode) each, handle, local, type, method);
                    found = source != null && depth < DEEPEST && trace(source, type, method, made, depth + 1);
                    if (!found) {
                        return false;
                    }
                }
            }
        }
        return found;
    }

    /** How many operands of a call lie above the one that it is made on. */
    static int receiver(MethodInsnNode call) {
        return Type.getArgumentTypes(call.desc).length;
    }
}
