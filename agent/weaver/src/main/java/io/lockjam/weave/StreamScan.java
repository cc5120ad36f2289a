// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import java.util.HashSet;
import java.util.Set;
import net.bytebuddy.jar.asm.Opcodes;

/**
 * Finds the calls of {@code stream()} after which nothing happens but the stream's own up to its last operation, which is what
 * uses the elements: between the two no other thread could be ordered.
 */
final class StreamScan {
    private static final String STREAMS = "java/util/stream/";
    private static final int NONE = -1;

    private final Set<Integer> drained = new HashSet<>();
    private int open = NONE;

    /** Whether the call of {@code stream()} at a position is as good as a use of all elements. */
    boolean drains(int at) {
        return drained.contains(at);
    }

    /** Before {@link #step} of a call. */
    void call(int at, int opcode, String owner, String name, String descriptor) {
        boolean makes = opcode == Opcodes.INVOKESTATIC && (owner.startsWith(STREAMS) || owner.endsWith("/Comparator"));
        boolean own = owner.startsWith(STREAMS) && owner.endsWith("Stream");
        boolean goesOn = descriptor.endsWith("Stream;");
        if (name.equals("stream") && descriptor.equals("()Ljava/util/stream/Stream;")) {
            open = at;
        } else if (!makes && !(own && goesOn)) {
            boolean last = own && !name.equals("iterator") && !name.equals("spliterator");
            if (last && open != NONE) {
                drained.add(open);
            }
            open = NONE;
        }
    }

    /** Loads, constants, casts and lambdas let nobody in between. */
    void step(int opcode) {
        boolean call = opcode >= Opcodes.INVOKEVIRTUAL && opcode <= Opcodes.INVOKEINTERFACE;
        boolean quiet = opcode <= Opcodes.ALOAD || opcode == Opcodes.INVOKEDYNAMIC || opcode == Opcodes.CHECKCAST;
        if (!call && !quiet) {
            open = NONE;
        }
    }
}
