// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import java.lang.invoke.MethodHandle;
import java.lang.reflect.Method;
import java.util.LinkedHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The classes whose objects must not be used by two threads at once.
 *
 * <p>These classes exactly, and subclasses for those methods that they inherit: what a subclass overrides may have its own
 * locks. A table that is filled once and only read afterwards; subclasses are looked into by the agent's thread.
 */
final class UnsafeTypes {
    private static final int SLOTS = 256;
    private static final int DERIVED = 128;
    private static final int DEEPEST = 6;
    /** The iterator of a view of a set leads to the map by way of the set's own iterator. */
    private static final int FURTHEST = 4;

    private static final String[] NAMES = {
        "java.util.HashMap",
        "java.util.LinkedHashMap",
        "java.util.TreeMap",
        "java.util.WeakHashMap",
        "java.util.IdentityHashMap",
        "java.util.EnumMap",
        "java.util.ArrayList",
        "java.util.LinkedList",
        "java.util.ArrayDeque",
        "java.util.PriorityQueue",
        "java.util.BitSet",
        "java.util.Date",
        "java.util.RegularEnumSet",
        "java.util.JumboEnumSet",
        "java.util.Formatter",
        "java.util.Scanner",
        "java.util.SplittableRandom",
        "java.util.StringJoiner",
        "java.util.StringTokenizer",
        "java.util.zip.Adler32",
        "java.util.zip.CRC32",
        "java.lang.StringBuilder",
        "java.text.ChoiceFormat",
        "java.text.DecimalFormat",
        "java.text.MessageFormat",
        "java.text.SimpleDateFormat",
        "java.util.GregorianCalendar",
        "java.util.regex.Matcher",
        "java.security.MessageDigest$Delegate",
        "java.security.MessageDigest$Delegate$CloneableDelegate",
        "java.security.Signature$Delegate",
        "javax.crypto.Cipher",
        "javax.crypto.Mac",
    };

    /** Random generators by the packages they lie in before and since 23. */
    private static final String[] RANDOM_PACKAGES = {"jdk.random.", "jdk.internal.random."};

    private static final String[] RANDOM = {
        "L32X64MixRandom",
        "L64X128MixRandom",
        "L64X128StarStarRandom",
        "L64X256MixRandom",
        "L64X1024MixRandom",
        "L128X128MixRandom",
        "L128X256MixRandom",
        "L128X1024MixRandom",
        "Xoroshiro128PlusPlus",
        "Xoshiro256PlusPlus",
    };

    /** Objects that stand for another one, with the field that leads to it. */
    private static final String[][] STAND_FOR = {
        {"java.util.HashSet", "map"},
        {"java.util.LinkedHashSet", "map"},
        {"java.util.TreeSet", "m"},
        {"java.util.Collections$SetFromMap", "m"},
        {"java.util.HashMap$KeySet", "this$0"},
        {"java.util.HashMap$Values", "this$0"},
        {"java.util.HashMap$EntrySet", "this$0"},
        {"java.util.HashMap$KeyIterator", "this$0"},
        {"java.util.HashMap$ValueIterator", "this$0"},
        {"java.util.HashMap$EntryIterator", "this$0"},
        {"java.util.LinkedHashMap$LinkedKeySet", "this$0"},
        {"java.util.LinkedHashMap$LinkedValues", "this$0"},
        {"java.util.LinkedHashMap$LinkedEntrySet", "this$0"},
        {"java.util.LinkedHashMap$LinkedKeyIterator", "this$0"},
        {"java.util.LinkedHashMap$LinkedValueIterator", "this$0"},
        {"java.util.LinkedHashMap$LinkedEntryIterator", "this$0"},
        {"java.util.TreeMap$KeySet", "m"},
        {"java.util.TreeMap$Values", "this$0"},
        {"java.util.TreeMap$EntrySet", "this$0"},
        {"java.util.TreeMap$KeyIterator", "this$0"},
        {"java.util.TreeMap$ValueIterator", "this$0"},
        {"java.util.TreeMap$EntryIterator", "this$0"},
        {"java.util.ArrayList$SubList", "root"},
        {"java.util.ArrayList$Itr", "this$0"},
        {"java.util.ArrayList$ListItr", "this$0"},
        {"java.util.LinkedList$ListItr", "this$0"},
        {"java.util.ArrayDeque$DeqIterator", "this$0"},
        {"java.util.PriorityQueue$Itr", "this$0"},
    };

    /** Views that pass reads on and refuse changes. */
    private static final String[][] READ_ONLY = {
        {"java.util.Collections$UnmodifiableCollection", "c"},
        {"java.util.Collections$UnmodifiableSet", "c"},
        {"java.util.Collections$UnmodifiableSortedSet", "c"},
        {"java.util.Collections$UnmodifiableNavigableSet", "c"},
        {"java.util.Collections$UnmodifiableList", "c"},
        {"java.util.Collections$UnmodifiableRandomAccessList", "c"},
        {"java.util.Collections$UnmodifiableCollection$1", "i"},
        {"java.util.Collections$UnmodifiableMap", "m"},
        {"java.util.Collections$UnmodifiableSortedMap", "m"},
        {"java.util.Collections$UnmodifiableNavigableMap", "m"},
        {"java.util.Collections$UnmodifiableMap$UnmodifiableEntrySet", "c"},
        {"java.util.Collections$UnmodifiableMap$UnmodifiableEntrySet$1", "i"},
    };

    /** Views that take the lock in their field {@code mutex} for each call. */
    private static final String[][] GUARDED = {
        {"java.util.Collections$SynchronizedCollection", "c"},
        {"java.util.Collections$SynchronizedSet", "c"},
        {"java.util.Collections$SynchronizedSortedSet", "c"},
        {"java.util.Collections$SynchronizedNavigableSet", "c"},
        {"java.util.Collections$SynchronizedList", "c"},
        {"java.util.Collections$SynchronizedRandomAccessList", "c"},
        {"java.util.Collections$SynchronizedMap", "m"},
        {"java.util.Collections$SynchronizedSortedMap", "m"},
        {"java.util.Collections$SynchronizedNavigableMap", "m"},
    };

    private static final @Nullable MethodHandle ACCESS_ORDER =
            Access.getter(LinkedHashMap.class, "accessOrder", boolean.class);
    private static final @Nullable Type[] TABLE = table();
    private static final AtomicReferenceArray<@Nullable Type> SUBCLASSES = new AtomicReferenceArray<>(DERIVED);
    private static final AtomicReference<@Nullable Class<?>> WANTED = new AtomicReference<>();

    private UnsafeTypes() {}

    /** A class of the list, or a subclass of one. */
    static final class Type {
        private final Class<?> type;
        private final @Nullable MethodHandle leads;
        private final @Nullable MethodHandle mutex;
        private final boolean readOnly;
        /** Names with a dot before them; what begins with one of them is not unsafe here. */
        private final String[] overridden;

        Type(
                Class<?> type,
                @Nullable MethodHandle leads,
                @Nullable MethodHandle mutex,
                boolean readOnly,
                String[] overridden) {
            this.type = type;
            this.leads = leads;
            this.mutex = mutex;
            this.readOnly = readOnly;
            this.overridden = overridden;
        }

        /**
         * The object that a call on this one uses: the map of an iterator; itself if it stands for none.
         *
         * @return null if that is made for several threads
         */
        @Nullable
        Object container(Object receiver) {
            Object at = receiver;
            MethodHandle way = leads;
            try {
                for (int i = 0; way != null && i < FURTHEST; i++) {
                    Object next = Access.object(way, at);
                    if (next == null) {
                        return at;
                    }
                    at = next;
                    Type known = known(at.getClass());
                    boolean safe = known == null ? base(at.getClass()) == null : known.mutex != null;
                    if (safe) {
                        return null;
                    }
                    way = known == null ? null : known.leads;
                }
            } catch (Throwable unreadable) {
                return mutex == null ? receiver : null;
            }
            return at;
        }

        /** The lock that a call takes by itself; null if it takes none. */
        @Nullable
        Object guard(Object receiver) {
            try {
                return mutex == null ? null : Access.object(mutex, receiver);
            } catch (Throwable unreadable) {
                return null;
            }
        }

        /** What a call really does, where a call site says {@code use}. */
        int use(Object receiver, String method, int use) {
            return readOnly ? use & ~Use.WRITES : use | (reorders(receiver, method) ? Use.WRITES : 0);
        }

        private boolean overrides(String method) {
            for (String each : overridden) {
                if (method.endsWith(each)) {
                    return true;
                }
            }
            return false;
        }
    }

    /** Whether the call is a read that moves the entry to the end: of a map in the order of access. */
    private static boolean reorders(Object receiver, String method) {
        if (ACCESS_ORDER == null || !(receiver instanceof LinkedHashMap) || !method.endsWith(".get")) {
            return false;
        }
        try {
            return Access.flag(ACCESS_ORDER, receiver);
        } catch (Throwable unreadable) {
            return false;
        }
    }

    /**
     * Null if two threads may call the method on an object of this class, or if that is not known yet.
     *
     * @param method {@code Map.put}
     */
    static @Nullable Type of(Class<?> type, String method) {
        Type known = known(type);
        if (known != null) {
            return known;
        }
        if (base(type) == null) {
            return null;
        }
        for (int i = 0; i < DERIVED; i++) {
            Type each = SUBCLASSES.get(i);
            if (each == null) {
                break;
            }
            if (each.type == type) {
                return each.overrides(method) ? null : each;
            }
        }
        WANTED.compareAndSet(null, type);
        return null;
    }

    /** The listed class that the class is or inherits from; null if there is none. */
    static @Nullable Type inherited(Class<?> type) {
        Type known = known(type);
        return known == null ? base(type) : known;
    }

    /** Null if the class is none of the list: of a subclass it is not known which of its methods others call. */
    static @Nullable Type exactly(Class<?> type) {
        return known(type);
    }

    /** Whether calls on objects of the class take a lock before they do anything else. */
    static boolean locksItself(Class<?> type) {
        Type known = known(type);
        return known == null || known.mutex != null;
    }

    /** Whether it is one of the JDK's wrappers that take a lock for each call. */
    static boolean isGuarded(Class<?> type) {
        Type known = known(type);
        return known != null && known.mutex != null;
    }

    /** Looks into the next subclass that a probe has met; of the agent's thread. */
    static void learn() {
        Class<?> type = WANTED.get();
        if (type == null) {
            return;
        }
        Type base = base(type);
        if (base != null) {
            Type learned = new Type(type, base.leads, null, false, overridden(type, base.type));
            for (int i = 0; i < DERIVED && !SUBCLASSES.compareAndSet(i, null, learned); i++) {
                if (i == DERIVED - 1) {
                    SUBCLASSES.set(System.identityHashCode(type) & (DERIVED - 1), learned);
                }
            }
        }
        WANTED.set(null);
    }

    /** Forgets subclasses, so that none is kept from being unloaded. */
    static void forget() {
        for (int i = 0; i < DERIVED; i++) {
            SUBCLASSES.set(i, null);
        }
        WANTED.set(null);
    }

    private static String[] overridden(Class<?> type, Class<?> base) {
        StringBuilder names = new StringBuilder();
        try {
            for (Class<?> at = type; at != null && at != base; at = at.getSuperclass()) {
                for (Method each : at.getDeclaredMethods()) {
                    names.append(names.length() == 0 ? "" : " ").append('.').append(each.getName());
                }
            }
        } catch (LinkageError | SecurityException closed) {
            return new String[] {""}; // every method ends with it
        }
        return names.length() == 0 ? new String[0] : names.toString().split(" ");
    }

    private static @Nullable Type base(Class<?> type) {
        Class<?> at = type.getSuperclass();
        for (int i = 0; at != null && i < DEEPEST; i++) {
            Type known = known(at);
            if (known != null) {
                return known;
            }
            at = at.getSuperclass();
        }
        return null;
    }

    private static @Nullable Type known(Class<?> type) {
        int slot = System.identityHashCode(type) & (SLOTS - 1);
        for (Type at = TABLE[slot]; at != null; at = TABLE[slot]) {
            if (at.type == type) {
                return at;
            }
            slot = (slot + 1) & (SLOTS - 1);
        }
        return null;
    }

    /** Loads the classes without initialising them; those this JDK does not have are left out. */
    private static @Nullable Type[] table() {
        @Nullable Type[] table = new Type[SLOTS];
        for (String name : NAMES) {
            put(table, name, null, null, false);
        }
        for (String name : RANDOM) {
            for (String where : RANDOM_PACKAGES) {
                put(table, where + name, null, null, false);
            }
        }
        for (String[] each : STAND_FOR) {
            put(table, each[0], each[1], null, false);
        }
        for (String[] each : READ_ONLY) {
            put(table, each[0], each[1], null, true);
        }
        for (String[] each : GUARDED) {
            put(table, each[0], each[1], "mutex", false);
        }
        return table;
    }

    private static void put(
            @Nullable Type[] table, String name, @Nullable String field, @Nullable String mutex, boolean readOnly) {
        try {
            Class<?> type = Class.forName(name, false, ClassLoader.getSystemClassLoader());
            int slot = System.identityHashCode(type) & (SLOTS - 1);
            while (table[slot] != null) {
                slot = (slot + 1) & (SLOTS - 1);
            }
            MethodHandle leads = field == null ? null : leads(type, field);
            MethodHandle guard = mutex == null ? null : leads(type, mutex);
            boolean opaque = (readOnly && leads == null) || (mutex != null && guard == null);
            if (!opaque) { // else nobody knows what it stands for, or what it locks
                table[slot] = new Type(type, leads, guard, readOnly, new String[0]);
            }
        } catch (ClassNotFoundException | LinkageError notInThisJdk) {
            // nothing to misuse then
        }
    }

    private static @Nullable MethodHandle leads(Class<?> type, String field) {
        for (Class<?> at = type; at != null && at != Object.class; at = at.getSuperclass()) {
            try {
                return Access.getter(at, field, at.getDeclaredField(field).getType());
            } catch (NoSuchFieldException inherited) {
                // then a superclass has it
            }
        }
        return null;
    }
}
