// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Fact;
import io.lockjam.model.LibraryEntry;
import io.lockjam.model.TwoSteps;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The smallest change that cures a race: that of its kind, unless whose code it is in, the locks that are held or what is shared ask
 * for another one.
 */
final class RaceCure {
    private static final String READ_LOCK = "$ReadLock@";
    private static final String WRAPPER = "java.util.Collections$Synchronized";
    private static final String UNSAFE_LAZY = "kotlin.UnsafeLazyImpl.";
    private static final String ONE_LOCK = "one lock around every use";
    private static final String ONE_EACH = "one for each use or each thread, or " + ONE_LOCK;
    private static final String OR_LOCK = ", or do the whole change under one lock";
    private static final String REFERENCE = "keep it in an AtomicReference and change it with updateAndGet" + OR_LOCK;
    private static final String STORE =
            "a call that does both, if it has one (%s); else one lock around both, which all who change it take";
    private static final String ELEMENTS = "let each thread have elements of its own, or change them ";

    private static final Set<String> STATEFUL = Set.of(
            "Date",
            "Format",
            "DateFormat",
            "NumberFormat",
            "Calendar",
            "SimpleDateFormat",
            "DecimalFormat",
            "MessageFormat",
            "ChoiceFormat",
            "GregorianCalendar",
            "Matcher",
            "MessageDigest",
            "Signature",
            "Cipher",
            "Mac",
            "Formatter",
            "Scanner",
            "StringTokenizer",
            "SplittableRandom",
            "HeapByteBuffer",
            "DirectByteBuffer",
            "HeapCharBuffer");

    /** Kinds that may be meant so. */
    private static final Set<RaceKind> AS_IT_IS = Set.of(
            RaceKind.SIZE_HINT,
            RaceKind.MADE_TWICE,
            RaceKind.TURN,
            RaceKind.IDEMPOTENT_CACHE,
            RaceKind.OPTIMISTIC_READ);

    private RaceCure() {}

    /** No capital, no full stop. */
    static String of(Fact.RaceSeen race, RaceKind kind) {
        Optional<String> entry = Stream.of(race.first(), race.second())
                .flatMap(side -> LibraryEntry.of(side).stream())
                .map(at -> Words.simple(at.called().className()))
                .findFirst();
        if (AS_IT_IS.contains(kind)) {
            return kind.cure();
        }
        if (LibraryEntry.isOfLibraries(race) && entry.isPresent()) {
            return "if " + entry.get() + " is not made for several threads, " + ONE_EACH
                    + "; else look for a version of the library that cures it";
        }
        if (race.field().startsWith(UNSAFE_LAZY)) {
            return "leave out LazyThreadSafetyMode.NONE where the property is declared";
        }
        if (shareReadLock(race)) {
            return (reorders(race) ? "take the write lock for get, too" : "take the write lock for the change")
                    + ": a read lock keeps only writers out";
        }
        return switch (kind) {
            case UNSAFE_COLLECTION -> collection(race);
            case LOST_UPDATE -> race.target().equals("array") ? elements(race.field()) : change(race);
            case PLAIN -> race.target().equals("array") ? elements(race.field()) : kind.cure();
            case STOP_FLAG -> race.target().equals("array") ? "an AtomicBoolean in place of the array" : kind.cure();
            case TWO_STEPS, TWO_CALLS -> race.target().equals("call") ? oneStep(race, kind) : kind.cure();
            default -> kind.cure();
        };
    }

    /** Whether both hold the same read lock: each thinks that nobody changes anything meanwhile. */
    static boolean shareReadLock(Fact.RaceSeen race) {
        return race.first().locks().stream()
                .anyMatch(lock ->
                        lock.contains(READ_LOCK) && race.second().locks().contains(lock));
    }

    /** What changes a field of its type in one step. */
    private static String change(Fact.RaceSeen race) {
        Set<String> words = Stream.of(race.first(), race.second())
                .flatMap(side -> Stream.of(String.valueOf(side.call()).split(" ")))
                .collect(Collectors.toSet());
        if (words.contains("long")) {
            return "make it an AtomicLong, or a LongAdder if it is only added to" + OR_LOCK;
        }
        if (words.contains("int") || words.contains("short") || words.contains("byte") || words.contains("char")) {
            return "make it an AtomicInteger, or a LongAdder if it is only added to" + OR_LOCK;
        }
        if (words.contains("double") || words.contains("float")) {
            return "make it a DoubleAdder if it is a sum, else keep it in an AtomicReference and change it with accumulateAndGet"
                    + OR_LOCK;
        }
        if (words.contains("boolean")) {
            return "make it an AtomicBoolean and change it with compareAndSet" + OR_LOCK;
        }
        return REFERENCE;
    }

    /** Whether a look is a change, since it moves the entry: in a map in the order of access. */
    private static boolean reorders(Fact.RaceSeen race) {
        return Stream.of(race.first(), race.second())
                .anyMatch(side -> side.writes() && String.valueOf(side.call()).matches("\\w*Map\\.get"));
    }

    /** What goes wrong that the kind does not say: with a map that changes when it is asked, or an object that keeps a state of its own. */
    static Optional<String> harm(Fact.RaceSeen race) {
        if (reorders(race)) {
            return Optional.of(
                    "The map is in the order of access, so each get moves an entry: entries are lost, or a call never ends.");
        }
        boolean stateful = Stream.of(race.first(), race.second())
                .map(side -> String.valueOf(side.call()))
                .anyMatch(call -> STATEFUL.contains(call.substring(0, Math.max(0, call.indexOf('.')))));
        return stateful || STATEFUL.contains(SharedType.simple(race.field()))
                ? Optional.of(
                        "The object keeps a state between its calls, made for one thread: what the other does becomes part of it, so"
                                + " results are wrong or a call fails.")
                : Optional.empty();
    }

    /** What the object has for doing it at once. */
    private static String oneStep(Fact.RaceSeen race, RaceKind kind) {
        String change = TwoSteps.change(String.valueOf(race.first().call()));
        String type = change.substring(0, Math.max(0, change.indexOf('.')));
        String call = change.substring(type.length());
        boolean adder = type.endsWith("Adder");
        if (type.startsWith("Atomic") || adder) {
            return "do it in one step: "
                    + (adder ? "an AtomicLong with " : "")
                    + (type.startsWith("AtomicBoolean")
                            ? "compareAndSet, which says who was first"
                            : "updateAndGet, accumulateAndGet, or compareAndSet that is tried again")
                    + "; or under one lock";
        }
        return switch (call) {
            case ".add", ".addElement" ->
                type.endsWith("Set")
                        ? "ask add itself, which returns false if it was there; or do both under one lock"
                        : "a set that many threads may use (ConcurrentHashMap.newKeySet()), whose add says whether it was there; or do"
                                + " both under one lock";
            case ".set" -> "change it under one lock, which every change of it takes";
            case ".setProperty" -> "System.getProperties().putIfAbsent, or do both under one lock";
            case ".put" -> race.field().startsWith("java.") ? kind.cure() : store(kind);
            default ->
                call.startsWith(".set") || call.startsWith(".put")
                        ? store(kind)
                        : "take it in one step with a call that says whether there was one (poll, pollLast), or do both under one lock";
        };
    }

    private static String store(RaceKind kind) {
        return STORE.formatted(
                kind == RaceKind.TWO_CALLS
                        ? "update, compute, compareAndSet"
                        : "putIfAbsent, compareAndSet, get with a function that loads");
    }

    private static String collection(Fact.RaceSeen race) {
        List<Fact.Access> sides = List.of(race.first(), race.second());
        if (sides.stream().flatMap(side -> side.locks().stream()).anyMatch(lock -> lock.startsWith(WRAPPER))) {
            return "the wrapper locks each call, but no iteration and nothing that goes past it: hold its lock there, too, or use a"
                    + " class made for sharing";
        }
        String type = Words.simple(race.field());
        boolean set =
                sides.stream().anyMatch(side -> String.valueOf(side.call()).contains("Set."));
        String another = another(type, set);
        return sides.stream().allMatch(RaceCure::isFilledByStream)
                ? "let the stream make it (toList, collect, joining), or " + another
                : another;
    }

    private static boolean isFilledByStream(Fact.Access side) {
        return side.writes()
                && side.stack().frames().stream()
                        .anyMatch(frame -> frame.className().startsWith("java.util.stream."));
    }

    /**
     * What to use in place of an object that is not thread-safe.
     *
     * @param type without its package
     * @param set whether a set has it inside
     */
    static String another(String type, boolean set) {
        return switch (type) {
            case "HashMap", "LinkedHashMap" ->
                set ? "ConcurrentHashMap.newKeySet(), or " + ONE_LOCK : map(type) + ", or " + ONE_LOCK;
            case "TreeMap" -> (set ? "ConcurrentSkipListSet, or " : "ConcurrentSkipListMap, or ") + ONE_LOCK;
            case "ArrayList", "ArrayList$SubList" ->
                "CopyOnWriteArrayList if it is seldom changed, else " + ONE_LOCK + ", also around each iteration";
            case "LinkedList", "ArrayDeque" -> "ConcurrentLinkedDeque or a BlockingDeque, or " + ONE_LOCK;
            case "PriorityQueue" -> "PriorityBlockingQueue, or " + ONE_LOCK;
            case "BitSet", "WeakHashMap", "IdentityHashMap", "EnumMap" -> ONE_LOCK;
            case "StringBuilder" -> "a new one in a local variable for each text, or one lock around each whole text";
            case "Date" -> "an Instant in a volatile field, which is replaced and cannot be changed, or " + ONE_LOCK;
            case "SimpleDateFormat" -> "DateTimeFormatter, or " + ONE_EACH;
            case "GregorianCalendar" -> "a class of java.time, or " + ONE_EACH;
            case "SplittableRandom" -> "ThreadLocalRandom, or one for each thread";
            default -> ONE_EACH;
        };
    }

    private static String map(String type) {
        return type.equals("HashMap") ? "ConcurrentHashMap" : "Collections.synchronizedMap";
    }

    private static String elements(String array) {
        return switch (array) {
            case "int[]" -> ELEMENTS + "in an AtomicIntegerArray or under one lock";
            case "long[]" -> ELEMENTS + "in an AtomicLongArray or under one lock";
            case "boolean[]", "byte[]", "short[]", "char[]", "float[]", "double[]" -> ELEMENTS + "under one lock";
            default -> ELEMENTS + "in an AtomicReferenceArray or under one lock";
        };
    }
}
