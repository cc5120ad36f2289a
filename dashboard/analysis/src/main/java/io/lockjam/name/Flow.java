// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.IntPredicate;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LookupSwitchInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TableSwitchInsnNode;
import org.objectweb.asm.tree.TryCatchBlockNode;

/** Where the code of one method may go on from each of its instructions; instructions go by their place in the list. */
final class Flow {
    private final List<List<Integer>> next = new ArrayList<>();
    private final List<List<Integer>> handlers = new ArrayList<>();

    Flow(MethodNode method) {
        InsnList code = method.instructions;
        for (int at = 0; at < code.size(); at++) {
            next.add(successors(code, at));
            handlers.add(new ArrayList<>(0));
        }
        for (TryCatchBlockNode each : method.tryCatchBlocks) {
            int handler = code.indexOf(each.handler);
            for (int at = code.indexOf(each.start); at < code.indexOf(each.end); at++) {
                if (canThrow(code.get(at))) {
                    handlers.get(at).add(handler);
                }
            }
        }
    }

    /**
     * What can be reached after some instructions, these not included unless a loop leads back.
     *
     * @param stops at which the walk goes no further; they count as reached
     */
    BitSet after(Collection<Integer> from, IntPredicate stops) {
        BitSet reached = new BitSet(next.size());
        Deque<Integer> open = new ArrayDeque<>();
        from.stream().filter(at -> !stops.test(at)).forEach(open::add);
        while (!open.isEmpty()) {
            int at = open.remove();
            for (List<Integer> ways : List.of(next.get(at), handlers.get(at))) {
                for (int to : ways) {
                    if (!reached.get(to)) {
                        reached.set(to);
                        if (!stops.test(to)) {
                            open.add(to);
                        }
                    }
                }
            }
        }
        return reached;
    }

    /**
     * What can be reached after an instruction if nothing is thrown, this not included unless a loop leads back.
     *
     * @param stops at which the walk goes no further; they do not count as reached
     * @param never ways that are not taken
     */
    BitSet onward(int from, IntPredicate stops, BiPredicate<Integer, Integer> never) {
        BitSet reached = new BitSet(next.size());
        Deque<Integer> open = new ArrayDeque<>(List.of(from));
        while (!open.isEmpty()) {
            int at = open.remove();
            for (int to : next.get(at)) {
                if (!reached.get(to) && !stops.test(to) && !never.test(at, to)) {
                    reached.set(to);
                    open.add(to);
                }
            }
        }
        return reached;
    }

    /** Whether every way from the begin of the method to an instruction has taken something and not given it back since. */
    boolean holds(int instruction, IntPredicate takes, IntPredicate gives) {
        BitSet without = new BitSet(next.size()); // can be come to with nothing taken
        Deque<Integer> open = new ArrayDeque<>(List.of(0));
        without.set(0);
        for (int at = 0; at < next.size(); at++) {
            if (gives.test(at)) {
                open.add(at);
            }
        }
        while (!open.isEmpty()) {
            int at = open.remove();
            List<Integer> ways = new ArrayList<>(handlers.get(at)); // nothing is taken by a call that throws
            ways.addAll(takes.test(at) ? List.of() : next.get(at));
            for (int to : ways) {
                if (!without.get(to)) {
                    without.set(to);
                    open.add(to);
                }
            }
        }
        return !without.get(instruction);
    }

    private static List<Integer> successors(InsnList code, int at) {
        AbstractInsnNode instruction = code.get(at);
        int opcode = instruction.getOpcode();
        List<Integer> to = new ArrayList<>(2);
        if (instruction instanceof JumpInsnNode jump) {
            to.add(code.indexOf(jump.label));
        } else if (instruction instanceof TableSwitchInsnNode table) {
            addAll(to, code, table.labels, table.dflt);
        } else if (instruction instanceof LookupSwitchInsnNode lookup) {
            addAll(to, code, lookup.labels, lookup.dflt);
        }
        boolean leaves = opcode == Opcodes.GOTO
                || opcode == Opcodes.ATHROW
                || opcode == Opcodes.TABLESWITCH
                || opcode == Opcodes.LOOKUPSWITCH
                || (opcode >= Opcodes.IRETURN && opcode <= Opcodes.RETURN);
        if (!leaves && at + 1 < code.size()) {
            to.add(at + 1);
        }
        return to;
    }

    private static void addAll(List<Integer> to, InsnList code, List<LabelNode> labels, LabelNode otherwise) {
        labels.forEach(label -> to.add(code.indexOf(label)));
        to.add(code.indexOf(otherwise));
    }

    /** Only calls, and what is thrown as such: other instructions throw by a mistake that nothing is concluded from. */
    private static boolean canThrow(AbstractInsnNode instruction) {
        int opcode = instruction.getOpcode();
        return opcode == Opcodes.ATHROW || (opcode >= Opcodes.INVOKEVIRTUAL && opcode <= Opcodes.INVOKEDYNAMIC);
    }
}
