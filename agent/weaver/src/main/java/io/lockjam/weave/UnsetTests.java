// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import java.util.HashSet;
import java.util.Set;
import net.bytebuddy.jar.asm.Opcodes;

/** Where a method asks whether what it has just read is unset: null, false, zero, or minus one; and what does not fill it then. */
final class UnsetTests {
    /** For {@code x = field; if (x == null)}. */
    private static final int NEAR = 4;

    private final Set<Integer> tests = new HashSet<>();
    /** Where a value is made of others, by a call or an operation: what is tested behind that is not what was read. */
    private final Set<Integer> computed = new HashSet<>();
    /** Local variables with an element of an array: to put it into another place is to move it. */
    private final Set<Integer> elements = new HashSet<>();

    private int elementAt = -1;
    private int loadedAt = -1;

    /** @param previous opcode of the instruction before */
    void operation(int at, int opcode, int previous) {
        boolean compares = opcode >= Opcodes.LCMP && opcode <= Opcodes.DCMPG;
        boolean computes = opcode >= Opcodes.IADD && opcode < Opcodes.LCMP;
        if (computes || (compares && !isUnset(previous))) {
            computed.add(at);
        }
        boolean loads = opcode >= Opcodes.IALOAD && opcode <= Opcodes.SALOAD;
        boolean copies = opcode == Opcodes.DUP || opcode == Opcodes.DUP2;
        elementAt = loads || (copies && elementAt == at - 1) ? at : elementAt;
    }

    void variable(int at, int opcode, int variable) {
        if (opcode <= Opcodes.ALOAD) {
            loadedAt = elements.contains(variable) ? at : loadedAt;
        } else if (elementAt == at - 1) {
            elements.add(variable);
        } else {
            elements.remove(variable);
        }
    }

    /** Whether a write stores what was an element before. */
    boolean moves(int write) {
        return loadedAt >= 0 && loadedAt == write - 1;
    }

    void call(int at) {
        computed.add(at);
    }

    void jump(int at, int opcode, int previous) {
        boolean alone = opcode == Opcodes.IFEQ
                || opcode == Opcodes.IFNE
                || opcode == Opcodes.IFNULL
                || opcode == Opcodes.IFNONNULL;
        if (alone || ((opcode == Opcodes.IF_ICMPEQ || opcode == Opcodes.IF_ICMPNE) && isUnset(previous))) {
            tests.add(at);
        }
    }

    private static boolean isUnset(int opcode) {
        return opcode == Opcodes.ICONST_M1
                || opcode == Opcodes.LCONST_0
                || opcode == Opcodes.FCONST_0
                || opcode == Opcodes.DCONST_0;
    }

    /** Whether such a question follows a read. */
    boolean follows(int read) {
        return tests.stream()
                .anyMatch(test -> test > read
                        && test <= read + NEAR
                        && computed.stream().noneMatch(at -> at > read && at < test));
    }
}
