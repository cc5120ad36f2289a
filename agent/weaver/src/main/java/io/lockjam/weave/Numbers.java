// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.bytebuddy.jar.asm.Opcodes;
import org.jspecify.annotations.Nullable;

/**
 * What a method does with the whole numbers that it reads from fields: whether they choose whose turn it is, or only count, and
 * nothing else. Then a lost step does little harm.
 */
final class Numbers {
    private static final int CHOOSES = 1;
    private static final int WRAPS = 1 << 1;
    private static final int GIVES = 1 << 2;
    private static final int CALCULATES = 1 << 3;
    private static final int OTHER = 1 << 4;

    private static final Set<String> WRAPPERS = Set.of("floorMod", "remainderUnsigned");

    private final Dependences found;
    private final Map<Integer, String> reads = new HashMap<>();
    private final Map<Integer, Integer> uses = new HashMap<>();
    /** Where an element is chosen by such a number; what is done with that has nothing to do with the number. */
    private final Set<Integer> chosen = new HashSet<>();

    private final List<Integer> stores = new ArrayList<>();
    /** What is added where. */
    private final Map<Integer, List<Value>> sums = new HashMap<>();

    Numbers(Dependences found) {
        this.found = found;
    }

    /** @param field with a blank and its type at the end */
    void read(int at, String field) {
        if (isNumber(field)) {
            reads.put(at, field);
        }
    }

    private static boolean isNumber(String field) {
        return field.endsWith(" I") || field.endsWith(" J") || field.endsWith(" S") || field.endsWith(" B");
    }

    /** An instruction takes the value from the stack. */
    void use(int at, int opcode, Value value) {
        if (opcode >= Opcodes.IASTORE && opcode <= Opcodes.SASTORE) {
            stores.add(at);
        }
        if (opcode == Opcodes.IADD || opcode == Opcodes.LADD) {
            sums.computeIfAbsent(at, any -> new ArrayList<>()).add(value);
        }
        take(at, value, how(opcode));
    }

    private static int how(int opcode) {
        return switch (opcode) {
            case Opcodes.IADD, Opcodes.LADD, Opcodes.I2L, Opcodes.L2I -> 0;
            case Opcodes.IREM, Opcodes.LREM, Opcodes.IAND, Opcodes.LAND -> WRAPS;
            case Opcodes.AALOAD -> CHOOSES;
            case Opcodes.IRETURN, Opcodes.LRETURN -> GIVES;
            default -> opcode > Opcodes.IADD && opcode <= Opcodes.LCMP ? CALCULATES : OTHER;
        };
    }

    void write(String field, Value value) {
        for (int read : numbers(value)) {
            mark(read, field.equals(reads.get(read)) ? 0 : OTHER);
        }
    }

    /** Returns whether the call gives an element that is chosen by such a number. */
    boolean call(int at, ValueScan.Call call) {
        boolean chooses = call.owner().startsWith("java/util/")
                && call.name().equals("get")
                && call.descriptor().equals("(I)Ljava/lang/Object;");
        boolean calculates =
                call.opcode() == Opcodes.INVOKESTATIC && call.owner().startsWith("java/lang/");
        int how = chooses ? CHOOSES : !calculates ? OTHER : WRAPPERS.contains(call.name()) ? WRAPS : CALCULATES;
        call.arguments().forEach(each -> take(at, each, how));
        return chosen.contains(at);
    }

    private void take(int at, Value value, int how) {
        for (int read : numbers(value)) {
            mark(read, how);
            if (how == CHOOSES) {
                chosen.add(at);
            }
        }
    }

    private void mark(int read, int how) {
        uses.merge(read, how, (known, more) -> known | more);
    }

    private Set<Integer> numbers(Value value) {
        Set<Integer> numbers = new HashSet<>(value.reads());
        boolean other = value.isChoice() || numbers.stream().anyMatch(chosen::contains);
        numbers.retainAll(other ? Set.of() : reads.keySet());
        return numbers;
    }

    /** Whether it chooses an element by the field. */
    boolean chooses(String field) {
        return (of(field) & CHOOSES) != 0;
    }

    /** Whether the field chooses an element for each turn, goes on to the next, begins again behind the last, and does nothing else. */
    boolean turns(String field) {
        int all = of(field);
        if ((all & (OTHER | GIVES)) != 0 || (tests(field) && decides(field))) {
            return false;
        }
        boolean once = reads.values().stream().filter(field::equals).count() == 1; // else it may be too large meanwhile
        return (all & CHOOSES) == 0 || (all & WRAPS) != 0 || (once && tests(field));
    }

    /** Whether the field is only added to, looked at, and compared with a limit. */
    boolean counts(String field) {
        int all = of(field);
        boolean added = found.changes.values().stream()
                .filter(change -> change.place().equals(field))
                .allMatch(change -> isAdded(field, change.value()));
        boolean limits = found.tests.stream()
                .filter(test -> isOf(field, test))
                .allMatch(test -> test.other().isEmpty() || (!test.same() && Value.isConstant(test.other())));
        boolean given = (all & GIVES) != 0 && isChanged(field); // as an id that nobody else has
        return (all & ~GIVES) == 0 && added && limits && !given;
    }

    /** Whether the method asks for the first one that is counted. */
    boolean asksForFirst(String field) {
        return found.tests.stream().anyMatch(test -> test.same() && test.other().isEmpty() && isOf(field, test));
    }

    /** Whether the method adds nothing but one to the field: then it is zero at the first time only, or after it was reset. */
    boolean countsSingly(String field) {
        return sums.values().stream()
                .filter(sum -> sum.stream().anyMatch(value -> isItself(field, value)))
                .allMatch(sum -> sum.stream().anyMatch(Value::isOne));
    }

    /** Or begins again, whatever it was, at zero or at what a caller says. */
    private boolean isAdded(String field, @Nullable Value value) {
        boolean set = value != null && (value.isZero() || value.isParameter());
        return value != null && (isItself(field, value) || (set && !tests(field)));
    }

    /** Whether the method sets the field to what it was called with: then whoever tests it may want to find just that. */
    boolean isSet(String field) {
        return found.changes.values().stream()
                .filter(change -> change.place().equals(field))
                .map(Dependences.Step::value)
                .anyMatch(value -> value != null && value.isParameter());
    }

    private boolean isItself(String field, Value value) {
        return numbers(value).stream().anyMatch(read -> field.equals(reads.get(read)));
    }

    /** Whether the method writes to the field what it has read of it. */
    boolean changes(String field) {
        return found.changes.values().stream()
                .filter(change -> change.place().equals(field))
                .map(Dependences.Step::value)
                .anyMatch(value -> value != null && isItself(field, value));
    }

    private boolean isChanged(String field) {
        return found.changes.values().stream().anyMatch(change -> change.place().equals(field));
    }

    private int of(String field) {
        return uses.entrySet().stream()
                .filter(use -> field.equals(reads.get(use.getKey())))
                .mapToInt(Map.Entry::getValue)
                .reduce(0, (known, more) -> known | more);
    }

    boolean tests(String field) {
        return found.tests.stream().anyMatch(test -> isOf(field, test));
    }

    private boolean isOf(String field, Dependences.Test test) {
        return test.reads().stream().noneMatch(chosen::contains)
                && test.reads().stream().anyMatch(read -> field.equals(reads.get(read)));
    }

    /** Whether more depends on a test of the field than its next value. */
    private boolean decides(String field) {
        Set<Integer> more = new HashSet<>(chosen);
        more.addAll(found.calls);
        more.addAll(stores);
        found.changes.forEach((at, change) -> {
            if (!change.place().equals(field)) {
                more.add(at);
            }
        });
        return found.tests.stream()
                        .filter(test -> isOf(field, test))
                        .anyMatch(test -> more.stream()
                                .anyMatch(at -> at > test.at() && found.ways.decides(test.at(), test.to(), at)))
                || reads.entrySet().stream()
                        .anyMatch(read -> read.getValue().equals(field) && found.endsLoop(read.getKey()));
    }

    /** Positions of all accesses to the field. */
    Set<Integer> accesses(String field) {
        Set<Integer> all = new HashSet<>();
        reads.forEach((at, read) -> {
            if (read.equals(field)) {
                all.add(at);
            }
        });
        found.changes.forEach((at, change) -> {
            if (change.place().equals(field)) {
                all.add(at);
            }
        });
        return all;
    }

    /** Those that are read or written. */
    Set<String> fields() {
        Set<String> fields = new HashSet<>(reads.values());
        found.changes.values().stream()
                .map(Dependences.Step::place)
                .filter(Numbers::isNumber)
                .forEach(fields::add);
        return fields;
    }
}
