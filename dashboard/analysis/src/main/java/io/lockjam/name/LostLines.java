// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * Finds the lines of frames that have lost them: the JVM tells none of a method whose class was redefined while a thread stood in it. The code has
 * one if it makes the call of the next inner frame, or enters a monitor, at one line only. Where it makes no such call, a frame that is hidden
 * lies between: that of a lambda or method reference, which is called by an interface or a method handle.
 *
 * <p>Of a class that runs, at times, with other code than its file has, a stack may bear the index of the one code and the line that the other has
 * there (seen with the Flight Recorder of 25). Where the file makes the call at that index, its line is right; else the one line that makes it. Thread-safe.
 */
public final class LostLines {
    private static final String METHOD_HANDLE = "java/lang/invoke/MethodHandle";

    private final Code code;
    private final Predicate<String> rewritten;

    /** @param rewritten whether a class may run with other bytecode indexes than its file has, at times */
    public LostLines(ClassBytes classes, Predicate<String> rewritten) {
        this.code = new Code(classes);
        this.rewritten = rewritten;
    }

    /** The same stack if no frame has lost its line, or no line is sure. */
    public synchronized Stack found(Stack stack) {
        List<Frame> frames = stack.frames();
        if (frames.stream().noneMatch(each -> isLost(each) || isDoubtful(each))) {
            return stack;
        }
        List<Frame> found = new ArrayList<>();
        for (int i = 0; i < frames.size(); i++) {
            Frame frame = frames.get(i);
            found.add(isLost(frame) ? found(frames, i) : isDoubtful(frame) ? checked(frames, i) : frame);
        }
        return new Stack(found);
    }

    private boolean isDoubtful(Frame frame) {
        return frame.bytecodeIndex() >= 0 && !frame.isJdk() && rewritten.test(frame.className());
    }

    private Frame checked(List<Frame> frames, int index) {
        Frame frame = frames.get(index);
        Code.Parsed type = index == 0 ? null : code.parsed(frame.className());
        List<MethodNode> methods = type == null ? List.of() : type.methods(frame.method(), frame.descriptor());
        if (type == null || methods.size() != 1) {
            return frame;
        }
        String callee = frames.get(index - 1).method();
        List<At> calls = lines(methods.get(0)).stream()
                .filter(at -> at.instruction() instanceof MethodInsnNode call && call.name.equals(callee))
                .toList();
        Set<Integer> lines = calls.stream().map(At::line).collect(Collectors.toSet());
        boolean plausible = lines.isEmpty() || lines.contains(frame.line());
        return calls.stream()
                .filter(at -> type.indexes().getOrDefault(at.instruction(), -1) == frame.bytecodeIndex())
                .findFirst()
                .map(at -> withLine(frame, type, at.line(), frame.bytecodeIndex()))
                .orElseGet(() -> plausible || lines.size() != 1
                        ? frame
                        : withLine(frame, type, lines.iterator().next(), -1));
    }

    private static Frame withLine(Frame frame, Code.Parsed type, int line, int index) {
        return new Frame(frame.className(), frame.method(), frame.descriptor(), type.node().sourceFile, line, index);
    }

    private static boolean isLost(Frame frame) {
        return frame.line() <= 0 && !frame.isJdk();
    }

    private Frame found(List<Frame> frames, int index) {
        Frame frame = frames.get(index);
        Code.Parsed type = code.parsed(frame.className());
        List<MethodNode> methods = type == null ? List.of() : type.methods(frame.method(), frame.descriptor());
        if (type == null || methods.size() != 1) {
            return frame;
        }
        Set<Integer> lines = index == 0
                ? enters(methods.get(0))
                : lines(methods.get(0), frames.get(index - 1).method());
        return lines.size() != 1
                ? frame
                : withLine(frame, type, lines.iterator().next(), -1);
    }

    private static Set<Integer> lines(MethodNode method, String callee) {
        Set<Integer> lines = lines(method, (MethodInsnNode call) -> call.name.equals(callee));
        return lines.isEmpty() && !callee.startsWith("<") ? lines(method, LostLines::mayBeLambda) : lines;
    }

    private static boolean mayBeLambda(MethodInsnNode call) {
        return call.getOpcode() == Opcodes.INVOKEINTERFACE || call.owner.equals(METHOD_HANDLE);
    }

    private static Set<Integer> lines(MethodNode method, Predicate<MethodInsnNode> wanted) {
        return lines(method).stream()
                .filter(at -> at.instruction() instanceof MethodInsnNode call && wanted.test(call))
                .map(At::line)
                .collect(Collectors.toSet());
    }

    /** Where a thread that is blocked can stand: a synchronized method begins at its first line. */
    private static Set<Integer> enters(MethodNode method) {
        List<At> all = lines(method);
        Set<Integer> lines = all.stream()
                .filter(at -> at.instruction().getOpcode() == Opcodes.MONITORENTER)
                .map(At::line)
                .collect(Collectors.toSet());
        if ((method.access & Opcodes.ACC_SYNCHRONIZED) != 0) {
            all.stream().limit(1).map(At::line).forEach(lines::add);
        }
        return lines;
    }

    private record At(AbstractInsnNode instruction, int line) {}

    private static List<At> lines(MethodNode method) {
        List<At> all = new ArrayList<>();
        int line = -1;
        for (AbstractInsnNode each : method.instructions) {
            line = each instanceof LineNumberNode number ? number.line : line;
            if (each.getOpcode() >= 0 && line > 0) {
                all.add(new At(each, line));
            }
        }
        return all;
    }
}
