// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import io.lockjam.model.Stack;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TypeInsnNode;
import org.objectweb.asm.tree.analysis.SourceValue;

/** Tells from the code of one file whether a scheduler or timer may start what ends a wait. Thread-safe. */
public final class TimedCode {
    private static final int MOST_ANSWERS = 1_000;

    private final Code code;
    private final Answers<Object, Optional<String>> answers = new Answers<>(MOST_ANSWERS);

    private record Question(Stack waiter, String name, Set<String> ways) {}

    public TimedCode(ClassBytes classes) {
        this.code = new Code(classes);
    }

    /**
     * The method, as class and name, that leads to one of these and is handed to a scheduler or timer as a task; an empty name if it is not known
     * which task is.
     *
     * @param name of what is waited for
     */
    public synchronized Optional<String> task(Stack waiter, String name, Set<String> ways) {
        return answers.of(new Question(waiter, name, ways), unknown -> {
            for (Code.Parsed type : Nest.withTasks(code, waiter, name)) {
                for (MethodNode method : type.node().methods) {
                    Optional<String> task = task(type, method, ways);
                    if (task.isPresent()) {
                        return task;
                    }
                }
            }
            return Optional.empty();
        });
    }

    /** Whether a call hands what it is given to a scheduler or timer, as its first argument. */
    static boolean schedules(MethodInsnNode call) {
        return call.name.startsWith("schedule")
                && (call.owner.equals("java/util/Timer") || call.owner.startsWith("java/util/concurrent/Scheduled"));
    }

    /** Whether the classes make executors that begin their tasks later. */
    static boolean delays(List<Code.Parsed> types) {
        for (Code.Parsed type : types) {
            for (MethodNode method : type.node().methods) {
                for (AbstractInsnNode each : method.instructions) {
                    if (each instanceof MethodInsnNode call && call.name.equals("delayedExecutor")) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private static Optional<String> task(Code.Parsed type, MethodNode method, Set<String> ways) {
        Values values = null;
        for (AbstractInsnNode each : method.instructions) {
            if (each instanceof MethodInsnNode call && schedules(call)) {
                values = values == null ? Values.of(type, method) : values;
                int first = Type.getArgumentTypes(call.desc).length - 1;
                SourceValue task = values == null ? null : values.operand(call, first);
                Optional<String> leads = task == null
                        ? Optional.of("")
                        : task.insns.stream()
                                .map(TimedCode::runs)
                                .filter(run -> run.isEmpty() || ways.contains(run))
                                .findFirst();
                if (leads.isPresent()) {
                    return leads;
                }
            }
        }
        return Optional.empty();
    }

    /** The method that a task is run by; empty if it is not made here. */
    private static String runs(AbstractInsnNode task) {
        Handle body = Nest.body(task);
        if (body != null) {
            return body.getOwner().replace('/', '.') + "." + body.getName();
        }
        return task instanceof TypeInsnNode made && made.getOpcode() == Opcodes.NEW
                ? made.desc.replace('/', '.') + ".run"
                : "";
    }
}
