// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import io.lockjam.boot.Use;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.bytebuddy.jar.asm.Label;
import net.bytebuddy.jar.asm.Opcodes;
import org.jspecify.annotations.Nullable;

/**
 * Finds in a method what is done in two steps that others may come between, though each is safe by itself: a field that is read
 * and then written, a collection that is asked and then changed, by what was seen.
 *
 * <p>What it finds may be told as a mistake of its own, so it follows values and knows which code runs only after which.
 */
final class StepScan extends ValueScan {
    private static final String STAMPED_LOCK = "java/util/concurrent/locks/StampedLock";

    private final MethodScan method;
    private final FieldTable fields;
    private final String name;
    private final Set<String> makers;
    private final Map<String, Helper> helpers;
    private final Map<Integer, Helper> helped = new HashMap<>();
    private final Dependences found = new Dependences();
    private final Numbers numbers = new Numbers(found);
    private final List<Value> given = new ArrayList<>();
    private final Map<Integer, LockCall> gates = new HashMap<>();
    private final Map<Integer, Integer> more = new HashMap<>();
    private final Map<Integer, Integer> less = new HashMap<>();
    /** Where a StampedLock is first locked, and where it is first read without. */
    private int stamped = Integer.MAX_VALUE;

    private int unlocked = Integer.MAX_VALUE;
    /** The last change that says by its result what it did, and where it is. */
    private Dependences.@Nullable Step unsaid;

    private int unsaidAt;
    private int firstLine;

    /**
     * Reads one method.
     *
     * @param name with the class it is in
     * @param makers gets the name if each object that the method returns is one that it has made
     * @param fields tells what classes declare
     * @param helpers what methods of the class are known to do, by their names with the class
     */
    StepScan(MethodScan method, String name, FieldTable fields, Set<String> makers, Map<String, Helper> helpers) {
        super(method, new Structures(fields));
        this.helpers = helpers;
        this.fields = fields;
        this.method = method;
        this.name = name;
        this.makers = makers;
    }

    /** With the class and the descriptor. */
    String name() {
        return name;
    }

    /** What else is known of the method. */
    MethodScan method() {
        return method;
    }

    /** Which of its changes depend on what it has seen. */
    Dependences found() {
        return found;
    }

    /** What the method does for whoever calls it; null if that is nothing that is known. */
    @Nullable
    Helper helper() {
        Value given = this.given.size() == 1 ? this.given.get(0) : null;
        return method.isStatic() ? null : Helper.of(found, given, name.substring(name.indexOf('(')));
    }

    /** Whether a method locks its object from begin to end, as far as its declaration says. */
    boolean isSynchronized(String owner, String name, String descriptor) {
        return fields.isSynchronized(owner, name, descriptor);
    }

    /** The method of the class that is called at a position to change something; null if none is. */
    @Nullable
    Helper helped(int at) {
        return helped.get(at);
    }

    /** 0 if the class file does not say. */
    int firstLine() {
        return firstLine;
    }

    @Override
    public void visitLineNumber(int line, Label start) {
        firstLine = firstLine == 0 ? line : firstLine;
        super.visitLineNumber(line, start);
    }

    /** Bits of {@link Use} for the access at a position. */
    int use(int at) {
        return (method.use(at) & ~less.getOrDefault(at, 0)) | more.getOrDefault(at, 0);
    }

    @Override
    public void visitEnd() {
        super.visitEnd();
        if (!given.isEmpty() && given.stream().allMatch(Value::isMade)) {
            makers.add(name);
        }
        found.changes.forEach((at, change) -> {
            Value value = change.value();
            if (value != null && value.isMade()) {
                mark(at, Use.FRESH);
                markChecks(at, change);
            } else if (value != null && Use.has(method.use(at), Use.READ_MODIFY_WRITE)) {
                markCheckOfCounter(at, change, value);
            }
            if (value != null && !value.isConstant()) {
                markOwnState(at, change);
            }
            if (value != null && !change.isCall()) {
                markHanded(at, change, value);
            }
        });
        markStamps();
        markLoops();
        clearChecks();
    }

    /** A field that a loop merely uses is no flag; one that is read between two looks at a counter is checked by that. */
    private void markLoops() {
        found.looks.forEach((at, look) -> {
            if (!look.isCall() && found.isBetween(at)) {
                mark(at, Use.BETWEEN);
            }
        });
        method.loops().stream()
                .filter(at -> !found.endsLoop(at))
                .forEach(at -> less.merge(at, Use.LOOP, (a, b) -> a | b));
    }

    /** A branch between a look and a change that is made on both of its ways checks nothing; but it may choose the value. */
    private void clearChecks() {
        Set<Integer> deciding = found.deciding();
        found.looks.forEach((at, look) -> clearCheck(at, look, deciding));
        found.changes.forEach((at, change) -> {
            clearCheck(at, change, deciding);
            Value value = change.value();
            int look = value == null || change.isCall() || deciding.contains(at)
                    ? -1
                    : found.look(at, change, value.reads());
            if (look >= 0 && Use.has(method.use(at), Use.CHECK_THEN_ACT)) {
                mark(at, Use.READ_MODIFY_WRITE);
                mark(look, Use.READ_MODIFY_WRITE);
            }
        });
    }

    private void clearCheck(int at, Dependences.Step step, Set<Integer> deciding) {
        if (!step.isCall() && !deciding.contains(at)) {
            less.merge(at, Use.CHECK_THEN_ACT | Use.DEFAULT_TEST, (known, bits) -> known | bits);
        }
    }

    private void mark(int at, int bits) {
        more.merge(at, bits, (known, added) -> known | added);
    }

    /** What is written and read again belongs to the call, if it was neither checked before nor computed from what was there. */
    private void markOwnState(int write, Dependences.Step change) {
        int other = Use.CONSTRUCTOR | Use.READ_MODIFY_WRITE | Use.CHECK_THEN_ACT;
        if (((method.use(write) | found.ofField(write)) & other) != 0) {
            return;
        }
        found.looks.forEach((at, look) -> {
            if (at > write && look.isOf(change) && found.ways.comesFirst(write, at)) {
                mark(at, Use.OWN_STATE);
                mark(write, Use.OWN_STATE);
            }
        });
    }

    private void markHanded(int write, Dependences.Step change, Value value) {
        int look = found.look(write, change, value.reads());
        if (look >= 0 && value.isHanded(look)) {
            mark(look, Use.HANDED);
            mark(write, Use.HANDED);
        }
    }

    /** A StampedLock has no owner that could be asked for. */
    private void markStamps() {
        for (int at : found.looks.keySet()) {
            mark(at, at > unlocked && !method.optimistic() ? Use.UNVALIDATED : 0);
            mark(at, at > stamped ? Use.LOCKED : 0);
        }
        found.changes.keySet().forEach(at -> mark(at, at > stamped ? Use.LOCKED : 0));
    }

    /** Of double-checked locking the pair of the inner check and the write is known; the outer one looks for a new object, too. */
    private void markChecks(int write, Dependences.Step change) {
        for (Dependences.Test test : found.tests) {
            int look = test.at() < write ? found.look(write, change, test.reads()) : -1;
            if (look >= 0 && found.ways.decides(test.at(), test.to(), write)) {
                mark(look, Use.FRESH);
            }
        }
    }

    /** Of {@code if (left > 0) left--} the pair of read and write is known; the check before them belongs to it. */
    private void markCheckOfCounter(int write, Dependences.Step change, Value value) {
        int read = found.look(write, change, value.reads());
        int check = read < 0 ? -1 : found.checked(write, change);
        if (check >= 0 && check < read && !found.isWritten(check, read, change)) {
            for (int each : List.of(check, read, write)) {
                mark(each, Use.CHECK_THEN_ACT);
            }
        }
    }

    /** What the method does with the numbers in fields. */
    Numbers numbers() {
        return numbers;
    }

    /** @param bit for all accesses to the field */
    void mark(String field, int bit) {
        numbers.accesses(field).forEach(at -> mark(at, bit));
    }

    /** @param methods with their classes, that make what they return */
    void know(Set<String> methods) {
        found.changes.forEach((at, change) -> {
            if (change.value() != null && change.value().isGivenBy(methods)) {
                mark(at, Use.FRESH);
            }
        });
    }

    @Override
    public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean isInterface) {
        if (!name.equals("valueOf")) {
            found.calls.add(position());
        }
        super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
    }

    @Override
    public void visitFieldInsn(int opcode, String owner, String name, String descriptor) {
        mark(position(), fields.isLazy(owner, name, descriptor) ? Use.IMMUTABLE : 0);
        super.visitFieldInsn(opcode, owner, name, descriptor);
    }

    @Override
    void read(int at, String field, Value object) {
        found.looks.put(at, new Dependences.Step(field, object.key(), field, null));
        numbers.read(at, field);
    }

    @Override
    void write(int at, String field, Value object, Value value) {
        found.changes.put(at, new Dependences.Step(field, object.key(), field, value));
        numbers.write(field, value);
    }

    @Override
    void use(int at, int opcode, Value value) {
        numbers.use(at, opcode, value);
    }

    @Override
    void lock(Value locked) {
        for (int at : locked.reads()) {
            Dependences.Step look = found.looks.get(at);
            if (look != null && locked.key().equals(look.object() + "." + look.place())) {
                mark(at, Use.TO_LOCK);
            }
        }
    }

    /** What the call at a position does to a gate; null if nothing. */
    @Nullable
    LockCall gate(int at) {
        return gates.get(at);
    }

    @Override
    boolean call(int at, Call call) {
        LockCall gate = LockCall.ofGate(call);
        if (gate != null) {
            gates.put(at, gate);
        }
        boolean chosen = numbers.call(at, call);
        return step(at, call) || chosen;
    }

    private boolean step(int at, Call call) {
        if (call.owner().equals(STAMPED_LOCK) && call.name().equals("tryOptimisticRead")) {
            unlocked = Math.min(unlocked, at);
        } else if (call.owner().equals(STAMPED_LOCK)
                && (call.name().endsWith("Lock") || call.name().endsWith("Interruptibly"))) {
            stamped = Math.min(stamped, at);
        }
        boolean isStatic = call.opcode() == Opcodes.INVOKESTATIC;
        Helper helper = helpers.get(call.owner() + "." + call.name() + call.descriptor());
        if (helper != null && !isStatic) {
            return help(at, call, helper);
        }
        TwoSteps step = TwoSteps.of(call.owner(), call.name(), call.descriptor());
        String owner = call.owner();
        if (step == null || call.opcode() == Opcodes.INVOKESPECIAL || (isStatic && TwoSteps.isOfStore(owner))) {
            return false;
        }
        String name = owner.substring(owner.lastIndexOf('/') + 1) + "." + call.name();
        String place = step.keyed()
                ? step.part() + " by " + structures.of(call.arguments().get(0))
                : step.place();
        if (step.looks()) {
            found.looks.put(at, new Dependences.Step(place, call.object().key(), name, null));
            return true;
        }
        Dependences.Step change = new Dependences.Step(place, call.object().key(), name, put(call, step));
        if (step.says()) {
            unsaid = change;
            unsaidAt = at;
        } else {
            found.changes.put(at, change);
        }
        return false;
    }

    private boolean help(int at, Call call, Helper helper) {
        if (helper.looks()) {
            found.looks.put(at, helper.step(call));
        } else {
            found.changes.put(at, helper.step(call));
            helped.put(at, helper);
        }
        return helper.looks();
    }

    /** What is put; null if it is removed, or put once more each time. An element is in a set once, however often it is put there. */
    private static @Nullable Value put(Call call, TwoSteps step) {
        if (step.value() == TwoSteps.NONE) {
            return null;
        }
        return step.keyed() && step.value() == 0
                ? Value.constant("element", false)
                : call.arguments().get(step.value());
    }

    /** Whoever takes the result of such a change sees whether it went as was expected. */
    @Override
    public void visitInsn(int opcode) {
        Dependences.Step change = unsaid;
        if (change != null && unsaidAt == position() - 1 && (opcode == Opcodes.POP || opcode == Opcodes.POP2)) {
            found.changes.put(unsaidAt, change);
        }
        unsaid = null;
        super.visitInsn(opcode);
    }

    @Override
    void test(int at, int opcode, Label to, Value tested, @Nullable Value other) {
        Set<Integer> reads = other == null ? tested.reads() : Value.union(tested.reads(), other.reads());
        boolean same = opcode == Opcodes.IF_ICMPEQ
                || opcode == Opcodes.IF_ICMPNE
                || opcode == Opcodes.IF_ACMPEQ
                || opcode == Opcodes.IF_ACMPNE
                || opcode == Opcodes.IFEQ
                || opcode == Opcodes.IFNE
                || opcode == Opcodes.IFNULL
                || opcode == Opcodes.IFNONNULL;
        found.tests.add(new Dependences.Test(at, to, reads, tested.key(), other == null ? "" : other.key(), same));
        found.ways.leap(at, to);
    }

    @Override
    void give(Value value) {
        given.add(value);
    }

    @Override
    void leave(int at, @Nullable Label to) {
        found.ways.leap(at, to);
    }

    @Override
    void reach(int at, Label label, boolean handler) {
        found.ways.reach(at, label, handler);
    }
}
