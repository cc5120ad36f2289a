// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import java.lang.reflect.Proxy;
import java.util.Set;
import java.util.concurrent.CompletionService;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.stream.BaseStream;

/**
 * How a call on an object of a class that is not woven may order threads.
 *
 * <p>What is in none of the lists is taken to order everything. The lists are of the JDK; a class in {@link #OWN_CLOCK} lets
 * two threads know of each other only by the same object, as far as its own methods go: views, iterators and conditions are
 * other classes and in no list.
 */
enum CallKind {
    /** Orders nothing: made for one thread, or without state. */
    PLAIN,
    /** Orders those who call the same object. */
    OWN_CLOCK,
    /** Orders those who name the same object or array as an argument: VarHandle, updaters, Unsafe. */
    ARGUMENTS,
    /** Orders those who call objects of the class. */
    CLASS_CLOCK,
    /** Takes tasks, or tells of their end. */
    TASKS,
    /** A thread. */
    THREAD,
    /** May order anything before anything. */
    UNKNOWN;

    private static final String JUC = "java.util.concurrent.";

    private static final Set<String> OWN = Set.of(
            "java.util.Vector",
            "java.util.Stack",
            "java.util.Hashtable",
            "java.util.Random",
            "java.lang.StringBuffer",
            "java.util.Collections$SynchronizedCollection",
            "java.util.Collections$SynchronizedList",
            "java.util.Collections$SynchronizedRandomAccessList",
            "java.util.Collections$SynchronizedSet",
            "java.util.Collections$SynchronizedMap",
            JUC + "CountDownLatch",
            JUC + "CyclicBarrier",
            JUC + "Semaphore",
            JUC + "Exchanger",
            JUC + "ArrayBlockingQueue",
            JUC + "LinkedBlockingQueue",
            JUC + "LinkedBlockingDeque",
            JUC + "PriorityBlockingQueue",
            JUC + "SynchronousQueue",
            JUC + "LinkedTransferQueue",
            JUC + "ConcurrentLinkedQueue",
            JUC + "ConcurrentLinkedDeque",
            JUC + "ConcurrentHashMap",
            JUC + "ConcurrentSkipListMap",
            JUC + "CopyOnWriteArrayList",
            JUC + "CopyOnWriteArraySet",
            JUC + "locks.ReentrantLock",
            JUC + "locks.StampedLock",
            JUC + "atomic.AtomicInteger",
            JUC + "atomic.AtomicLong",
            JUC + "atomic.AtomicBoolean",
            JUC + "atomic.AtomicReference",
            JUC + "atomic.AtomicIntegerArray",
            JUC + "atomic.AtomicLongArray",
            JUC + "atomic.AtomicReferenceArray",
            JUC + "atomic.AtomicStampedReference",
            JUC + "atomic.AtomicMarkableReference",
            JUC + "atomic.LongAdder",
            JUC + "atomic.DoubleAdder",
            JUC + "atomic.LongAccumulator",
            JUC + "atomic.DoubleAccumulator");

    /** Of java.util; with a dollar sign their inner classes, which stand for them, too. */
    private static final Set<String> PLAIN_COLLECTIONS = Set.of(
            "HashMap",
            "LinkedHashMap",
            "TreeMap",
            "WeakHashMap",
            "IdentityHashMap",
            "EnumMap",
            "HashSet",
            "LinkedHashSet",
            "TreeSet",
            "EnumSet",
            "RegularEnumSet",
            "JumboEnumSet",
            "ArrayList",
            "LinkedList",
            "ArrayDeque",
            "PriorityQueue",
            "BitSet",
            "ImmutableCollections",
            "KeyValueHolder",
            "Optional",
            "OptionalInt",
            "OptionalLong",
            "OptionalDouble",
            "Arrays",
            "AbstractMap",
            "StringJoiner",
            "StringTokenizer",
            "UUID",
            "Date",
            "Calendar",
            "GregorianCalendar",
            "Locale",
            "Base64",
            "Objects",
            "Comparators",
            "SplittableRandom");

    private static final ClassValue<Kind> KINDS = new ClassValue<>() {
        @Override
        protected Kind computeValue(Class<?> type) {
            return new Kind(find(type));
        }
    };

    private static volatile String[] woven = new String[0];

    /** The kind of one class, which can turn out to be another. */
    private static final class Kind {
        volatile CallKind now;

        Kind(CallKind now) {
            this.now = now;
        }
    }

    /** Which classes are woven, in the form of {@code com.acme.*} or {@code com.acme.Cache}, the inner ones with it. */
    static void weave(String[] patterns) {
        woven = patterns.clone();
    }

    static CallKind of(Object receiver) {
        CallKind kind = KINDS.get(receiver.getClass()).now;
        return kind == UNKNOWN && receiver instanceof BaseStream<?, ?> stream && isOfStreams(stream)
                ? stream.isParallel() ? UNKNOWN : PLAIN
                : kind;
    }

    /** A function whose body is not woven, though its class is named after woven code. */
    static void foreign(Class<?> function) {
        KINDS.get(function).now = UNKNOWN;
    }

    static boolean isWoven(String name) {
        for (String each : woven) {
            int length = each.length();
            if (each.charAt(length - 1) == '*' ? name.startsWith(each.substring(0, length - 1)) : isIn(name, each)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isIn(String name, String outer) {
        return name.startsWith(outer) && (name.length() == outer.length() || name.charAt(outer.length()) == '$');
    }

    private static boolean isOfStreams(Object stream) {
        return stream.getClass().getName().startsWith("java.util.stream.");
    }

    /** A woven class counts as what it inherits from code that is not. */
    private static CallKind find(Class<?> type) {
        if (type.isArray()) {
            return PLAIN;
        }
        String name = type.getName();
        if (Proxy.isProxyClass(type)) {
            return UNKNOWN;
        }
        if (type.isHidden()) {
            boolean lambda = name.contains("$$Lambda") && (isWoven(name) || name.startsWith("java.util.function."));
            return lambda ? PLAIN : UNKNOWN;
        }
        Class<?> at = type;
        while (at != null && isWoven(at.getName())) {
            at = at.getSuperclass();
        }
        return at == null || at == Object.class ? PLAIN : ofTheirs(at);
    }

    private static CallKind ofTheirs(Class<?> type) {
        String name = type.getName();
        if (Thread.class.isAssignableFrom(type)) {
            return THREAD;
        }
        if (type.getClassLoader() != null || !name.startsWith("java.")) {
            return name.startsWith("sun.misc.Unsafe") || name.startsWith("jdk.internal.misc.Unsafe")
                    ? ARGUMENTS
                    : UNKNOWN;
        }
        if (OWN.contains(name)) {
            return OWN_CLOCK;
        }
        if (name.startsWith(JUC)) {
            return ofConcurrent(type, name);
        }
        if (name.startsWith("java.util.")) {
            return isPlainUtility(name) ? PLAIN : UNKNOWN;
        }
        return ofLanguage(type, name);
    }

    private static CallKind ofConcurrent(Class<?> type, String name) {
        if (name.startsWith(JUC + "atomic.Atomic") && name.contains("FieldUpdater")) {
            return ARGUMENTS;
        }
        if (name.startsWith(JUC + "locks.ReentrantReadWriteLock$")) {
            return name.endsWith("Lock") ? OWN_CLOCK : UNKNOWN;
        }
        if (name.equals(JUC + "locks.ReentrantReadWriteLock")
                || name.startsWith(JUC + "TimeUnit")
                || name.equals(JUC + "ThreadLocalRandom")) {
            return PLAIN;
        }
        boolean tasks = Executor.class.isAssignableFrom(type)
                || Future.class.isAssignableFrom(type)
                || CompletionStage.class.isAssignableFrom(type)
                || CompletionService.class.isAssignableFrom(type);
        return tasks ? TASKS : UNKNOWN;
    }

    private static boolean isPlainUtility(String name) {
        int end = name.indexOf('$');
        String outer = name.substring("java.util.".length(), end < 0 ? name.length() : end);
        if (outer.equals("Collections")) {
            return name.startsWith("java.util.Collections$Empty") || name.startsWith("java.util.Collections$Singleton");
        }
        return PLAIN_COLLECTIONS.contains(outer) || outer.startsWith("regex.");
    }

    private static CallKind ofLanguage(Class<?> type, String name) {
        if (name.equals("java.io.PrintStream")) {
            return CLASS_CLOCK; // two may write to one stream below
        }
        if (name.contains("VarHandle")) {
            return ARGUMENTS;
        }
        boolean value = name.startsWith("java.time.") || name.startsWith("java.math.") || name.startsWith("java.text.");
        if (value || Throwable.class.isAssignableFrom(type)) {
            return PLAIN;
        }
        return switch (name) {
            case "java.lang.String",
                    "java.lang.StringBuilder",
                    "java.lang.Integer",
                    "java.lang.Long",
                    "java.lang.Short",
                    "java.lang.Byte",
                    "java.lang.Character",
                    "java.lang.Boolean",
                    "java.lang.Double",
                    "java.lang.Float",
                    "java.lang.Number",
                    "java.lang.Enum",
                    "java.lang.Record",
                    "java.lang.Class",
                    "java.lang.ThreadLocal",
                    "java.lang.InheritableThreadLocal",
                    "java.lang.StackTraceElement",
                    "java.lang.Object" -> PLAIN;
            default -> UNKNOWN;
        };
    }
}
