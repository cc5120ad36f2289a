// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import io.lockjam.boot.Use;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.bytebuddy.jar.asm.Label;
import org.jspecify.annotations.Nullable;

/** The looks and changes of one method, by position, and which change depends on which look. */
final class Dependences {
    /** The place of what is looked at or changed as a whole. */
    static final String WHOLE = "all";

    /** Between the name of a change and that of the look it depends on; the dashboard reads them. */
    private static final String AFTER = "-after-";

    private static final String OWN_AFTER = "-own-after-";
    private static final String WITH = "-with-";

    final Map<Integer, Step> looks = new HashMap<>();
    final Map<Integer, Step> changes = new HashMap<>();
    final List<Test> tests = new ArrayList<>();
    final List<Integer> calls = new ArrayList<>();
    final Ways ways = new Ways();

    /**
     * One of two steps.
     *
     * @param place what is read or changed: the same for both steps if they may belong together
     * @param value what is written; null for a look
     */
    record Step(
            String place,
            String object,
            String name,
            @Nullable Value value) {
        /** Whether it is done by a call, not to a field. */
        boolean isCall() {
            return !place.equals(name);
        }

        boolean isOf(Step other) {
            return place.equals(other.place) && object.equals(other.object);
        }
    }

    /** @param same whether it asks whether the two are equal */
    record Test(int at, Label to, Set<Integer> reads, String one, String other, boolean same) {}

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
        if (value == null || value.isOwn() || !change.place().startsWith(WHOLE)) {
            return value == null || !value.isOwn();
        }
        return !value.isConstant() && isUnset(checked, at);
    }

    boolean isWritten(int from, int to, Step place) {
        return changes.entrySet().stream()
                .anyMatch(each -> each.getKey() > from
                        && each.getKey() < to
                        && each.getValue().isOf(place));
    }

    private String name(int look) {
        Step step = looks.get(look);
        return step == null ? "" : step.name();
    }

    /** The last look on every way to a change, among these; -1 if there is none. */
    int look(int change, Step step, Set<Integer> among) {
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
    int checked(int change, Step step) {
        int found = -1;
        for (Test test : tests) {
            int look = test.at() < change ? look(change, step, test.reads()) : -1;
            if (look > found && ways.decides(test.at(), test.to(), change) && matters(test, look, change, step)) {
                found = look;
            }
        }
        return found;
    }

    /** Looks that decide, and changes that are made or not, by a look at the same: {@code if (flag) flag = false}. */
    Set<Integer> deciding() {
        Set<Integer> all = new HashSet<>();
        changes.forEach((change, step) -> {
            for (Test test : tests) {
                int look = test.at() < change ? look(change, step, test.reads()) : -1;
                if (look >= 0 && ways.decides(test.at(), test.to(), change)) {
                    all.add(look);
                    all.add(change);
                }
            }
        });
        return all;
    }

    /** Whether a loop around a read goes on or ends by what was read. */
    boolean endsLoop(int read) {
        return tests.stream()
                .anyMatch(test -> test.reads().contains(read) && ways.endsLoop(read, test.at(), test.to()));
    }

    /** Whether a look lies between two at another place that are compared. */
    boolean isBetween(int look) {
        return tests.stream()
                .filter(Test::same)
                .anyMatch(test -> test.reads().stream()
                        .filter(before -> before < look)
                        .anyMatch(before -> test.reads().stream()
                                .anyMatch(after -> after > look && isAgain(before, after) && !isAgain(before, look))));
    }

    private boolean isAgain(int look, int later) {
        Step first = looks.get(look);
        Step second = looks.get(later);
        return first != null && second != null && first.isOf(second);
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

    /** Whether a test of the look asks for nothing but null, false, zero or minus one. */
    private boolean isUnset(int look, int change) {
        return tests.stream()
                .anyMatch(test -> test.at() > look
                        && test.at() < change
                        && test.same()
                        && (test.other().isEmpty() || Value.isMinusOne(test.other()))
                        && Value.isPlain(test.one())
                        && (test.reads().equals(Set.of(look)) || Value.isGiven(test.one(), look)));
    }

    /** Whether what is written is what was read: a copy to itself. */
    private boolean isItself(Step change, Value value) {
        return value.key().equals(change.object() + "." + change.place());
    }
}
