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
    /** Between the name of a change and that of the look it depends on; the dashboard reads them. */
    private static final String AFTER = "-after-";

    private static final String OWN_AFTER = "-own-after-";
    private static final String WITH = "-with-";
    private static final String WHOLE = "all";
    private static final String STAMPED_LOCK = "java/util/concurrent/locks/StampedLock";

    private final MethodScan method;
    private final String name;
    private final Set<String> makers;
    private final Map<Integer, Step> looks = new HashMap<>();
    private final Map<Integer, Step> changes = new HashMap<>();
    private final List<Test> tests = new ArrayList<>();
    private final Ways ways = new Ways();
    private final List<Integer> calls = new ArrayList<>();
    private final List<Value> given = new ArrayList<>();
    private final Map<Integer, Integer> more = new HashMap<>();
    /** Where a StampedLock is first locked, and where it is first read without. */
    private int stamped = Integer.MAX_VALUE;

    private int unlocked = Integer.MAX_VALUE;
    /** The last change that says by its result what it did, and where it is. */
    private @Nullable Step unsaid;

    private int unsaidAt;

    /**
     * Reads one method.
     *
     * @param name with the class it is in
     * @param makers gets the name if each object that the method returns is one that it has made
     */
    StepScan(MethodScan method, String name, Set<String> makers) {
        super(method);
        this.method = method;
        this.name = name;
        this.makers = makers;
    }

    /** What else is known of the method. */
    MethodScan method() {
        return method;
    }

    /**
     * One of two steps.
     *
     * @param place what is read or changed: the same for both steps if they may belong together
     * @param value what is written; null for a look
     */
    private record Step(
            String place,
            String object,
            String name,
            @Nullable Value value) {
        boolean isOf(Step other) {
            return place.equals(other.place) && object.equals(other.object);
        }
    }

    /** @param same whether it asks whether the two are equal */
    private record Test(int at, Label to, Set<Integer> reads, String one, String other, boolean same) {}

    /** Bits of {@link Use} for the access at a position. */
    int use(int at) {
        return method.use(at) | more.getOrDefault(at, 0);
    }

    /** Bits of {@link Use} for a write that depends on a look at the same field; 0 if it depends on none. */
    int ofField(int at) {
        Step change = changes.get(at);
        Value value = change == null ? null : change.value();
        if (change == null || value == null) {
            return 0;
        }
        int read = look(at, change, value.reads());
        int check = checked(at, change);
        int checks = check < 0 ? 0 : Use.CHECK_THEN_ACT;
        if (read < 0) {
            boolean alike = checks != 0 && !value.isOwn() && isUnset(check, at);
            return checks | (alike ? Use.DEFAULT_TEST : 0);
        }
        boolean same = isItself(change, value);
        return same ? 0 : Use.READ_MODIFY_WRITE | (check < read ? checks : 0);
    }

    /** What the change by a call depends on, to be told after its name: {@code -after-Map.get}; null if on nothing. */
    @Nullable
    String ofCall(int at) {
        Step change = changes.get(at);
        if (change == null) {
            return null;
        }
        Value value = change.value();
        int given = value == null ? -1 : look(at, change, value.reads());
        if (given >= 0) {
            return WITH + name(given);
        }
        int checked = checked(at, change);
        return checked < 0 ? null : (isAlike(change, checked, at) ? AFTER : OWN_AFTER) + name(checked);
    }

    /** Whether two threads that do it put the same; of a variable only where it had no value, else it went on from one to the next. */
    private boolean isAlike(Step change, int checked, int at) {
        Value value = change.value();
        if (value == null || value.isOwn() || !change.place().equals(WHOLE)) {
            return value == null || !value.isOwn();
        }
        return !value.isConstant() && isUnset(checked, at);
    }

    @Override
    public void visitEnd() {
        super.visitEnd();
        if (!given.isEmpty() && given.stream().allMatch(Value::isMade)) {
            makers.add(name);
        }
        changes.forEach((at, change) -> {
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
        });
        markStamps();
    }

    private void mark(int at, int bits) {
        more.merge(at, bits, (known, added) -> known | added);
    }

    /** What is written and read again belongs to the call, if it was neither checked before nor computed from what was there. */
    private void markOwnState(int write, Step change) {
        int other = Use.CONSTRUCTOR | Use.READ_MODIFY_WRITE | Use.CHECK_THEN_ACT;
        if (((method.use(write) | ofField(write)) & other) != 0) {
            return;
        }
        looks.forEach((at, look) -> {
            if (at > write && look.isOf(change) && ways.comesFirst(write, at)) {
                mark(at, Use.OWN_STATE);
                mark(write, Use.OWN_STATE);
            }
        });
    }

    /** A StampedLock has no owner that could be asked for. */
    private void markStamps() {
        for (int at : looks.keySet()) {
            mark(at, at > unlocked && !method.optimistic() ? Use.UNVALIDATED : 0);
            mark(at, at > stamped ? Use.LOCKED : 0);
        }
        changes.keySet().forEach(at -> mark(at, at > stamped ? Use.LOCKED : 0));
    }

    /** Of double-checked locking the pair of the inner check and the write is known; the outer one looks for a new object, too. */
    private void markChecks(int write, Step change) {
        for (Test test : tests) {
            int look = test.at() < write ? look(write, change, test.reads()) : -1;
            if (look >= 0 && ways.decides(test.at(), test.to(), write)) {
                mark(look, Use.FRESH);
            }
        }
    }

    /** Of {@code if (left > 0) left--} the pair of read and write is known; the check before them belongs to it. */
    private void markCheckOfCounter(int write, Step change, Value value) {
        int read = look(write, change, value.reads());
        int check = read < 0 ? -1 : checked(write, change);
        if (check >= 0 && check < read && !isWritten(check, read, change)) {
            for (int each : List.of(check, read, write)) {
                mark(each, Use.CHECK_THEN_ACT);
            }
        }
    }

    /** @param methods with their classes, that make what they return */
    void know(Set<String> methods) {
        changes.forEach((at, change) -> {
            if (change.value() != null && change.value().isGivenBy(methods)) {
                mark(at, Use.FRESH);
            }
        });
    }

    private boolean isWritten(int from, int to, Step place) {
        return changes.entrySet().stream()
                .anyMatch(each -> each.getKey() > from
                        && each.getKey() < to
                        && each.getValue().isOf(place));
    }

    private String name(int look) {
        Step step = looks.get(look);
        return step == null ? "" : step.name();
    }

    @Override
    public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean isInterface) {
        if (!name.equals("valueOf")) {
            calls.add(position());
        }
        super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
    }

    @Override
    void read(int at, String field, Value object) {
        looks.put(at, new Step(field, object.key(), field, null));
    }

    @Override
    void write(int at, String field, Value object, Value value) {
        changes.put(at, new Step(field, object.key(), field, value));
    }

    @Override
    void lock(Value locked) {
        for (int at : locked.reads()) {
            Step look = looks.get(at);
            if (look != null && locked.key().equals(look.object() + "." + look.place())) {
                mark(at, Use.TO_LOCK);
            }
        }
    }

    @Override
    boolean call(int at, Call call) {
        if (call.owner().equals(STAMPED_LOCK) && call.name().equals("tryOptimisticRead")) {
            unlocked = Math.min(unlocked, at);
        } else if (call.owner().equals(STAMPED_LOCK)
                && (call.name().endsWith("Lock") || call.name().endsWith("Interruptibly"))) {
            stamped = Math.min(stamped, at);
        }
        TwoSteps step = TwoSteps.of(call.owner(), call.name(), call.descriptor());
        if (step == null || call.opcode() == Opcodes.INVOKESPECIAL) {
            return false;
        }
        String owner = call.owner();
        String name = owner.substring(owner.lastIndexOf('/') + 1) + "." + call.name();
        String place = step.keyed() ? "by " + call.arguments().get(0).key() : WHOLE;
        if (step.looks()) {
            looks.put(at, new Step(place, call.object().key(), name, null));
            return true;
        }
        Step change = new Step(place, call.object().key(), name, put(call, step));
        if (step.says()) {
            unsaid = change;
            unsaidAt = at;
        } else {
            changes.put(at, change);
        }
        return false;
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
        Step change = unsaid;
        if (change != null && unsaidAt == position() - 1 && (opcode == Opcodes.POP || opcode == Opcodes.POP2)) {
            changes.put(unsaidAt, change);
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
        tests.add(new Test(at, to, reads, tested.key(), other == null ? "" : other.key(), same));
        ways.leap(at, to);
    }

    @Override
    void give(Value value) {
        given.add(value);
    }

    @Override
    void leave(int at, @Nullable Label to) {
        ways.leap(at, to);
    }

    @Override
    void reach(int at, Label label, boolean handler) {
        ways.reach(at, label, handler);
    }

    /** The last look on every way to a change, among these; -1 if there is none. */
    private int look(int change, Step step, Set<Integer> among) {
        int last = -1;
        for (int each : among) {
            Step look = looks.get(each);
            if (look != null && look.isOf(step) && each < change && each > last && ways.comesFirst(each, change)) {
                last = each;
            }
        }
        return last;
    }

    /** The last look at the same that decides whether the change is made; -1 if there is none. */
    private int checked(int change, Step step) {
        int found = -1;
        for (Test test : tests) {
            int look = test.at() < change ? look(change, step, test.reads()) : -1;
            if (look > found && ways.decides(test.at(), test.to(), change) && matters(test, look, change, step)) {
                found = look;
            }
        }
        return found;
    }

    /**
     * Not {@code if (value != given) value = given}, nor a constant where nothing else is done, nor one in a loop that is ended by it, nor
     * a waiting thread that is forgotten before it is woken: two who do that have done it once.
     */
    private boolean matters(Test test, int look, int change, Step step) {
        Value value = step.value();
        if (value == null) {
            return true;
        }
        if (test.same() && (test.one().equals(value.key()) || test.other().equals(value.key()))) {
            return false;
        }
        int to = ways.at(test.to());
        int end = to > change ? to : Integer.MAX_VALUE;
        boolean loops = ways.loops(look, change);
        boolean more = calls.stream().anyMatch(call -> call > test.at() && call < end && call != change);
        boolean wakes = step.place().endsWith("Ljava/lang/Thread;");
        return !value.isConstant() || (more && !loops && !wakes);
    }

    /** Whether a test of the look asks for nothing but null, zero or false. */
    private boolean isUnset(int look, int change) {
        return tests.stream()
                .anyMatch(test -> test.at() > look
                        && test.at() < change
                        && test.same()
                        && test.other().isEmpty()
                        && (test.reads().equals(Set.of(look)) || Value.isGiven(test.one(), look)));
    }

    /** Whether what is written is what was read: a copy to itself. */
    private boolean isItself(Step change, Value value) {
        return value.key().equals(change.object() + "." + change.place());
    }
}
