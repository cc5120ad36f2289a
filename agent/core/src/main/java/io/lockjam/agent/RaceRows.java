// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import io.lockjam.boot.Caught;
import io.lockjam.boot.Nesting;
import io.lockjam.boot.Traps;
import io.lockjam.boot.Use;
import io.lockjam.event.LockOrderEvent;
import io.lockjam.event.RaceEvent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes events of what the probes caught. */
final class RaceRows {
    private static final String OURS = "io.lockjam.boot.";
    /** Frames through which a parameter is followed to what it is called, and some of the JDK between. */
    private static final int NAMING = 12;
    /** Between the name of a call and the place of the method reference that leads to it. */
    private static final char REFERRED_AT = '@';

    private RaceRows() {}

    /** Makes a row of nothing, so that the first one on a thread of the application loads no class. */
    static void preload() {
        Throwable stack = new Throwable();
        Thread me = Thread.currentThread();
        row(new Caught(false, stack, "field", "preload I", null, 0, me, 0, stack, "", me, 0, stack, ""), true);
    }

    /** Puts out all that was caught since the last call. */
    static void drain(FactSink sink) {
        for (Caught each = Traps.poll(); each != null; each = Traps.poll()) {
            sink.put(row(each, FinalFields.holds(each)));
        }
        for (Nesting each = Traps.pollOrder(); each != null; each = Traps.pollOrder()) {
            sink.put(row(each));
        }
    }

    /** @param stateless whether the value that lies there is known to be safe to hand over by a race */
    static Row row(Caught caught, boolean stateless) {
        boolean call = caught.target().equals("call");
        boolean isStatic = caught.target().equals("static");
        return new Row(RaceEvent.NAME)
                .put("field", place(caught))
                .put("target", caught.target())
                .put("certainty", caught.predicted() ? "predicted" : "caught")
                .put("objectId", isStatic ? 0L : (long) System.identityHashCode(caught.object()))
                .put("firstThread", caught.first())
                .put("firstName", Redaction.of(caught.first().getName()))
                .put("secondName", Redaction.of(caught.second().getName()))
                .put("firstWrites", Use.has(caught.firstUse(), Use.WRITES))
                .put("firstAccess", call ? call(caught.label()) : words(caught, caught.firstUse(), stateless))
                .put("firstStack", stack(caught.firstStack(), caught.label()))
                .put("firstLocks", caught.firstLocks())
                .put("secondThread", caught.second())
                .put("secondWrites", Use.has(caught.secondUse(), Use.WRITES))
                .put("secondAccess", call ? call(caught.secondLabel()) : words(caught, caught.secondUse(), stateless))
                .put("secondStack", stack(caught.secondStack(), caught.secondLabel()))
                .put("secondLocks", caught.secondLocks());
    }

    private static Row row(Nesting nesting) {
        return new Row(LockOrderEvent.NAME)
                .put("eventThread", nesting.thread())
                .put("heldClassName", nesting.heldClassName())
                .put("heldId", (long) nesting.heldId())
                .put("heldAt", nesting.heldAt())
                .put("wantedClassName", nesting.wantedClassName())
                .put("wantedId", (long) nesting.wantedId())
                .put("gates", nesting.gates())
                .put("tried", nesting.tried())
                .put("stack", stack(nesting.stack(), null));
    }

    /** Classes of the frames by which the objects of both sides are named. */
    static List<String> classes(Caught caught) {
        List<String> names = new ArrayList<>();
        for (Throwable each : List.of(caught.firstStack(), caught.secondStack())) {
            StackTraceElement[] frames = frames(each);
            for (int i = 0; i < Math.min(NAMING, frames.length); i++) {
                names.add(frames[i].getClassName());
            }
        }
        return names;
    }

    private static String place(Caught caught) {
        Class<?> type = caught.object().getClass();
        String label = caught.label();
        if (type.isArray()) {
            return type.getComponentType().getTypeName() + "[]";
        }
        return caught.target().equals("call") || label == null
                ? type.getName()
                : label.substring(0, label.indexOf(' '));
    }

    /** Words for the bits of {@link Use}, separated by blanks; null if there are none. */
    static @Nullable String use(int use) {
        StringBuilder words = new StringBuilder();
        add(words, use, Use.READ_MODIFY_WRITE, "read-modify-write");
        add(words, use, Use.CHECK_THEN_ACT, "check-then-act");
        add(words, use, Use.LOOP, "loop");
        add(words, use, Use.FRESH, "new-object");
        add(words, use, Use.CONSTANT, "constant");
        add(words, use, Use.DEFAULT_TEST, "if-unset");
        add(words, use, Use.CONSTRUCTOR, "constructor");
        add(words, use, Use.LOCKED, "locked");
        add(words, use, Use.IMMUTABLE, "immutable");
        add(words, use, Use.VALIDATED, "validated");
        add(words, use, Use.BETWEEN, "between");
        add(words, use, Use.ORDERED, "volatile");
        add(words, use, Use.TO_LOCK, "to-lock");
        add(words, use, Use.OWN_STATE, "own-state");
        add(words, use, Use.UNVALIDATED, "unvalidated");
        add(words, use, Use.HANDED, "handed");
        add(words, use, Use.TURN, "turn");
        add(words, use, Use.COUNTER, "counter");
        return words.length() == 0 ? null : words.toString();
    }

    /** With the type of a field that holds a number or a truth value: it decides what cures the race. */
    private static @Nullable String words(Caught caught, int use, boolean stateless) {
        String words = use(stateless ? use | Use.IMMUTABLE : use);
        String label = caught.label();
        String type = label == null ? null : primitive(label.substring(label.indexOf(' ') + 1));
        return type == null ? words : words == null ? type : words + ' ' + type;
    }

    private static @Nullable String primitive(String descriptor) {
        return switch (descriptor) {
            case "Z" -> "boolean";
            case "B" -> "byte";
            case "C" -> "char";
            case "S" -> "short";
            case "I" -> "int";
            case "J" -> "long";
            case "F" -> "float";
            case "D" -> "double";
            default -> null;
        };
    }

    private static void add(StringBuilder words, int use, int bit, String word) {
        if (Use.has(use, bit)) {
            words.append(words.length() == 0 ? "" : " ").append(word);
        }
    }

    private static @Nullable String call(@Nullable String label) {
        int place = label == null ? -1 : label.indexOf(REFERRED_AT);
        return label == null || place < 0 ? label : label.substring(0, place);
    }

    /** @param label a call by a method reference is told at the line of the reference: the JDK makes it, on whatever thread */
    private static String stack(Throwable taken, @Nullable String label) {
        int place = label == null ? -1 : label.indexOf(REFERRED_AT);
        String frames = StackText.of(frames(taken));
        return label == null || place < 0 ? frames : label.substring(place + 1) + "\n" + frames;
    }

    private static StackTraceElement[] frames(Throwable taken) {
        StackTraceElement[] frames = taken.getStackTrace();
        int from = 0;
        while (from < frames.length && frames[from].getClassName().startsWith(OURS)) {
            from++;
        }
        return Arrays.copyOfRange(frames, from, frames.length);
    }
}
