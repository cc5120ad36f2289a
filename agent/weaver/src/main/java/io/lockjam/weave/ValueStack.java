// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.bytebuddy.jar.asm.Opcodes;

/** The values on the stack and in the local variables at one point of a method. */
final class ValueStack {
    private final List<Value> stack = new ArrayList<>();
    private final Map<Integer, Value> locals = new HashMap<>();
    /** Tells unknown values of one place from those of another. */
    private final String place;

    /** Whether variables may have been stored that nothing is kept of; else one that was not stored is a parameter. */
    private final boolean lost;

    private int unknown;

    ValueStack(String place, boolean lost) {
        this.place = place;
        this.lost = lost;
    }

    ValueStack copy(String at) {
        ValueStack copy = new ValueStack(at, lost);
        copy.stack.addAll(stack);
        copy.locals.putAll(locals);
        return copy;
    }

    /**
     * What is the same on both ways stays; the rest may be either.
     *
     * @param tested what decided the way: which one of two values is on the stack depends on it
     */
    static ValueStack join(ValueStack one, ValueStack other, String at, Set<Integer> tested) {
        ValueStack joined = new ValueStack(at, one.lost || other.lost);
        int size = Math.min(one.stack.size(), other.stack.size());
        for (int i = 0; i < size; i++) {
            Value left = one.stack.get(i);
            Value right = other.stack.get(i);
            Value either = joined.either(left, right);
            joined.stack.add(left.key().equals(right.key()) ? either : either.with(tested));
        }
        Set<Integer> variables = new HashSet<>(one.locals.keySet());
        variables.addAll(other.locals.keySet());
        for (int each : variables) {
            joined.locals.put(each, joined.either(one.variable(each), other.variable(each)));
        }
        return joined;
    }

    private Value either(Value one, Value other) {
        boolean same = one.key().equals(other.key());
        Set<Integer> reads = Value.union(one.reads(), other.reads());
        String key = same ? one.key() : unknown(false).key();
        return new Value(!same && one.isConstant() && other.isConstant() ? Value.choice(key) : key, reads, one.wide());
    }

    Value unknown(boolean wide) {
        return Value.unknown(place + "." + unknown++, wide);
    }

    void push(Value value) {
        stack.add(value);
    }

    /** A new value, computed from others. */
    void push(boolean wide, Set<Integer> reads) {
        stack.add(unknown(wide).with(reads));
    }

    Value pop() {
        return stack.isEmpty() ? unknown(false) : stack.remove(stack.size() - 1);
    }

    /** Returns what was popped, last first, and where it came from. */
    Set<Integer> pop(int count) {
        Set<Integer> reads = Set.of();
        for (int i = 0; i < count; i++) {
            reads = Value.union(reads, pop().reads());
        }
        return reads;
    }

    void store(int variable) {
        locals.put(variable, pop());
    }

    void load(int variable, boolean wide) {
        Value value = variable(variable);
        push(locals.computeIfAbsent(variable, any -> new Value(value.key(), value.reads(), wide)));
    }

    private Value variable(int number) {
        Value known = locals.get(number);
        return known != null ? known : lost ? unknown(false) : Value.parameter(number);
    }

    void increment(int variable) {
        Value old = locals.get(variable);
        locals.put(variable, old == null ? unknown(false) : unknown(false).with(old.reads()));
    }

    /** An object takes in what its constructor or method is given. */
    void fill(Value object, Set<Integer> reads) {
        stack.replaceAll(each -> each.key().equals(object.key()) ? each.with(reads) : each);
        locals.replaceAll((variable, each) -> each.key().equals(object.key()) ? each.with(reads) : each);
    }

    /** POP to SWAP, as JVMS 6.5 has them for values of one and of two slots. */
    void rearrange(int opcode) {
        Value top = pop();
        switch (opcode) {
            case Opcodes.POP -> {}
            case Opcodes.POP2 -> {
                if (!top.wide()) {
                    pop();
                }
            }
            case Opcodes.SWAP -> {
                Value below = pop();
                push(top);
                push(below);
            }
            case Opcodes.DUP, Opcodes.DUP_X1, Opcodes.DUP_X2 -> insert(List.of(top), opcode - Opcodes.DUP);
            default -> insert(top.wide() ? List.of(top) : List.of(pop(), top), opcode - Opcodes.DUP2);
        }
    }

    /** Puts them on the stack twice, once below so many slots. */
    private void insert(List<Value> values, int slots) {
        List<Value> above = new ArrayList<>();
        for (int passed = 0; passed < slots; ) {
            Value next = pop();
            above.add(0, next);
            passed += next.wide() ? 2 : 1;
        }
        stack.addAll(values);
        stack.addAll(above);
        stack.addAll(values);
    }
}
