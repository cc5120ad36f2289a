// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.regex.Pattern;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/** Tells from the code of a stack whether its thread comes to a read of a stream, as one does that works on what it has read. Thread-safe. */
public final class ReadCode {
    /** Calls within calls that are looked into. */
    private static final int DEEPEST = 2;

    private static final int MOST_ANSWERS = 2_000;

    private static final Pattern STREAMS =
            Pattern.compile("java/io/\\w*(InputStream|Reader)|java/util/Scanner|java/nio/channels/\\w*Channel");
    private static final Pattern READS = Pattern.compile("read\\w*|transferTo|next\\w*|lines");

    private final Code code;
    private final Answers<Stack, Boolean> answers = new Answers<>(MOST_ANSWERS);

    public ReadCode(ClassBytes classes) {
        this.code = new Code(classes);
    }

    /** Whether further on in one of its methods, or in what these call, it reads; false while it stands in a read. */
    public synchronized boolean comesToRead(Stack stack) {
        return answers.of(stack, unknown -> find(stack.frames()));
    }

    private boolean find(List<Frame> frames) {
        boolean reading = frames.stream()
                .takeWhile(Frame::isJdk)
                .anyMatch(frame ->
                        STREAMS.matcher(frame.className().replace('.', '/')).lookingAt()
                                && READS.matcher(frame.method()).matches());
        for (int i = 0; i < frames.size() && !reading; i++) {
            Code.Parsed type =
                    frames.get(i).isJdk() ? null : code.parsed(frames.get(i).className());
            if (type != null && comesToRead(type, frames, i)) {
                return true;
            }
        }
        return false;
    }

    private boolean comesToRead(Code.Parsed type, List<Frame> frames, int index) {
        Frame frame = frames.get(index);
        for (MethodNode method : type.methods(frame.method(), frame.descriptor())) {
            List<Integer> here = Code.stands(type, method, frames, index);
            BitSet reached = new Flow(method).after(here, at -> false);
            boolean lines = here.stream().anyMatch(at -> isOfStream(method.instructions.get(at)));
            boolean comes = lines
                    ? Arrays.stream(method.instructions.toArray()).anyMatch(each -> reads(each, DEEPEST))
                    : reached.stream().anyMatch(at -> reads(method.instructions.get(at), 0));
            if (comes) {
                return true;
            }
        }
        return false;
    }

    /** Of {@code lines().forEach}, which reads on by itself. */
    private static boolean isOfStream(AbstractInsnNode instruction) {
        return instruction instanceof MethodInsnNode call && call.owner.startsWith("java/util/stream/");
    }

    private boolean reads(AbstractInsnNode instruction, int depth) {
        if (!(instruction instanceof MethodInsnNode call)) {
            return false;
        }
        if (STREAMS.matcher(call.owner).matches()) {
            return READS.matcher(call.name).matches();
        }
        Code.Parsed type =
                depth >= DEEPEST || call.owner.startsWith("java/") ? null : code.parsed(call.owner.replace('/', '.'));
        if (type == null) {
            return false;
        }
        for (MethodNode method : type.methods(call.name, call.desc)) {
            for (AbstractInsnNode each : method.instructions) {
                if (reads(each, depth + 1)) {
                    return true;
                }
            }
        }
        return false;
    }
}
