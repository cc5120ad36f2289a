// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.bytebuddy.jar.asm.Type;
import org.jspecify.annotations.Nullable;

/**
 * A call that looks at an object whose calls are ordered each, or one that changes it by what was seen: a collection, an atomic
 * variable.
 *
 * <p>Only changes that go wrong if another thread does the same meanwhile: an element that is removed because there was one, or
 * put because there was none. What says by its result whether it did something ({@code poll}, {@code putIfAbsent}) is none.
 *
 * @param keyed whether it is about the entry that the first argument names
 * @param value which argument is put; {@link #NONE} if what it does is done once more each time
 * @param part what the object keeps several sorts of: {@code Attribute}
 * @param says whether the result says what it did, so that it is no such change if somebody takes it
 */
record TwoSteps(boolean looks, boolean keyed, int value, boolean says, String part) {
    static final int NONE = -1;

    private static final String ATOMIC = "java/util/concurrent/atomic/";
    private static final Set<String> ATOMICS = Set.of(
            "AtomicInteger",
            "AtomicLong",
            "AtomicBoolean",
            "AtomicReference",
            "AtomicIntegerArray",
            "AtomicLongArray",
            "AtomicReferenceArray",
            "LongAdder",
            "DoubleAdder");
    private static final Pattern LOOKS_LIKE =
            Pattern.compile("(?:getIfPresent|containsKey|get|has|contains)((?:[A-Z].*)?)");
    private static final Pattern CHANGES_LIKE = Pattern.compile("(?:set|put)((?:[A-Z].*)?)");
    private static final Pattern GETS = Pattern.compile("(?:get|is)((?:[A-Z].*)?)");
    private static final Pattern SETS = Pattern.compile("set((?:[A-Z].*)?)");
    private static final Set<String> MAPS = Set.of(
            "java/util/Map",
            "java/util/SortedMap",
            "java/util/NavigableMap",
            "java/util/Hashtable",
            "java/util/Properties",
            "java/util/concurrent/ConcurrentMap",
            "java/util/concurrent/ConcurrentNavigableMap",
            "java/util/concurrent/ConcurrentHashMap",
            "java/util/concurrent/ConcurrentSkipListMap");
    private static final Set<String> COLLECTIONS = Set.of(
            "java/util/Collection",
            "java/util/List",
            "java/util/Set",
            "java/util/Queue",
            "java/util/Deque",
            "java/util/Vector",
            "java/util/Stack",
            "java/util/concurrent/BlockingQueue",
            "java/util/concurrent/BlockingDeque",
            "java/util/concurrent/CopyOnWriteArrayList",
            "java/util/concurrent/CopyOnWriteArraySet",
            "java/util/concurrent/ConcurrentSkipListSet",
            "java/util/concurrent/ConcurrentLinkedQueue",
            "java/util/concurrent/ConcurrentLinkedDeque",
            "java/util/concurrent/LinkedBlockingQueue",
            "java/util/concurrent/LinkedBlockingDeque",
            "java/util/concurrent/ArrayBlockingQueue");
    private static final Set<String> ASKS = Set.of("get", "containsKey", "getOrDefault");
    private static final Set<String> COUNTS = Set.of("isEmpty", "empty", "size");
    private static final Set<String> TAKES = Set.of(
            "remove", "removeFirst", "removeLast", "removeElementAt", "pop", "element", "firstElement", "lastElement");
    private static final Set<String> ADDS = Set.of("add", "addElement");
    private static final Set<String> LOADS =
            Set.of("get", "getPlain", "getOpaque", "getAcquire", "intValue", "longValue", "doubleValue", "sum");
    private static final Set<String> STORES = Set.of("set", "lazySet", "setPlain", "setOpaque", "setRelease");
    private static final Set<String> COUNTERS = Set.of(
            "incrementAndGet",
            "decrementAndGet",
            "getAndIncrement",
            "getAndDecrement",
            "addAndGet",
            "getAndAdd",
            "increment",
            "decrement",
            "add");

    private static final TwoSteps LOOKS = new TwoSteps(true, false, NONE, false, "");
    private static final TwoSteps CHANGES = new TwoSteps(false, false, NONE, false, "");
    private static final TwoSteps PUTS = new TwoSteps(false, false, 0, false, "");
    private static final TwoSteps LOOKS_AT_ENTRY = new TwoSteps(true, true, NONE, false, "");

    static @Nullable TwoSteps of(String owner, String name, String descriptor) {
        if (owner.startsWith(ATOMIC)) {
            return ofAtomic(owner.substring(ATOMIC.length()), name, !descriptor.endsWith("V"));
        }
        if (owner.equals("java/lang/System")) {
            return ofSystem(name);
        }
        boolean object = descriptor.startsWith("(Ljava/lang/Object;");
        if (MAPS.contains(owner)) {
            boolean asks = object && ASKS.contains(name);
            return asks ? LOOKS_AT_ENTRY : object && name.equals("put") ? changesEntry(1) : null;
        }
        if (!COLLECTIONS.contains(owner)) {
            return owner.startsWith("java/") ? null : ofStore(name, descriptor);
        }
        if (object) {
            return name.equals("contains")
                    ? LOOKS_AT_ENTRY
                    : ADDS.contains(name) ? changesEntry(owner.endsWith("Set") ? 0 : NONE) : null;
        }
        if (descriptor.startsWith("(I") && (name.equals("get") || name.equals("set"))) {
            return name.equals("get") ? LOOKS_AT_ENTRY : changesEntry(1);
        }
        return COUNTS.contains(name) ? LOOKS : TAKES.contains(name) ? CHANGES : null;
    }

    private static TwoSteps changesEntry(int value) {
        return new TwoSteps(false, true, value, false, "");
    }

    private static @Nullable TwoSteps ofAtomic(String type, String name, boolean result) {
        boolean array = type.endsWith("Array");
        if (!ATOMICS.contains(type)) {
            return null;
        }
        if (LOADS.contains(name)) {
            return array ? LOOKS_AT_ENTRY : LOOKS;
        }
        if (STORES.contains(name)) {
            return array ? changesEntry(1) : PUTS;
        }
        return COUNTERS.contains(name) ? new TwoSteps(false, array, NONE, result, "") : null;
    }

    /**
     * Of what may keep values by key: {@code getAttribute(name)} and {@code setAttribute(name, value)}, or {@code get} and {@code put}. Or
     * one value: {@code getTotal()} and {@code setTotal(total)}.
     */
    private static @Nullable TwoSteps ofStore(String name, String descriptor) {
        Type[] arguments = Type.getArgumentTypes(descriptor);
        boolean gives = !descriptor.endsWith("V");
        Matcher property = (gives ? GETS : SETS).matcher(name);
        if (arguments.length == (gives ? 0 : 1) && property.matches()) {
            return new TwoSteps(gives, false, gives ? NONE : 0, false, property.group(1));
        }
        boolean keyed = arguments.length > 0 && arguments[0].getSort() == Type.OBJECT;
        Matcher looks = LOOKS_LIKE.matcher(name);
        if (keyed && arguments.length == 1 && !descriptor.endsWith("V") && looks.matches()) {
            return new TwoSteps(true, true, NONE, false, looks.group(1));
        }
        Matcher changes = CHANGES_LIKE.matcher(name);
        boolean says = !descriptor.endsWith("V") && !descriptor.endsWith(";"); // whether it was put
        boolean puts =
                keyed && arguments.length == 2 && arguments[1].getSort() == Type.OBJECT && !says && changes.matches();
        return puts ? new TwoSteps(false, true, 1, false, changes.group(1)) : null;
    }

    /** The same for all that are about one thing as a whole. */
    String place() {
        return Dependences.WHOLE + part;
    }

    /** Whether it is a call on an object of which it has to be shown that its callers share what it keeps. */
    static boolean isOfStore(String owner) {
        return !owner.startsWith("java/");
    }

    /** Of the properties of the JVM. */
    private static @Nullable TwoSteps ofSystem(String name) {
        return name.equals("getProperty") ? LOOKS_AT_ENTRY : name.equals("setProperty") ? changesEntry(1) : null;
    }
}
