// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import org.jspecify.annotations.Nullable;

/**
 * Exactly the classes whose objects must not be used by two threads at once: a subclass may have its own locks.
 *
 * <p>A table that is filled once and only read afterwards.
 */
final class UnsafeTypes {
    private static final int SLOTS = 256;

    private static final String[] NAMES = {
        "java.util.HashMap",
        "java.util.LinkedHashMap",
        "java.util.TreeMap",
        "java.util.WeakHashMap",
        "java.util.IdentityHashMap",
        "java.util.EnumMap",
        "java.util.HashSet",
        "java.util.LinkedHashSet",
        "java.util.TreeSet",
        "java.util.ArrayList",
        "java.util.LinkedList",
        "java.util.ArrayDeque",
        "java.util.PriorityQueue",
        "java.util.BitSet",
        "java.util.RegularEnumSet",
        "java.util.JumboEnumSet",
        "java.lang.StringBuilder",
        "java.text.SimpleDateFormat",
        "java.text.DecimalFormat",
        "java.util.GregorianCalendar",
        "java.util.regex.Matcher",
        "java.security.MessageDigest$Delegate",
        "java.security.MessageDigest$Delegate$CloneableDelegate",
        "java.util.HashMap$KeyIterator",
        "java.util.HashMap$ValueIterator",
        "java.util.HashMap$EntryIterator",
        "java.util.LinkedHashMap$LinkedKeyIterator",
        "java.util.LinkedHashMap$LinkedValueIterator",
        "java.util.LinkedHashMap$LinkedEntryIterator",
        "java.util.ArrayList$Itr",
        "java.util.ArrayList$ListItr",
        "java.util.LinkedList$ListItr",
        "java.util.ArrayDeque$DeqIterator",
        "java.util.PriorityQueue$Itr",
        "java.util.TreeMap$KeyIterator",
        "java.util.TreeMap$ValueIterator",
        "java.util.TreeMap$EntryIterator",
    };

    private static final @Nullable Class<?>[] TABLE = table();

    private UnsafeTypes() {}

    static boolean contains(Class<?> type) {
        int slot = System.identityHashCode(type) & (SLOTS - 1);
        for (Class<?> at = TABLE[slot]; at != null; at = TABLE[slot]) {
            if (at == type) {
                return true;
            }
            slot = (slot + 1) & (SLOTS - 1);
        }
        return false;
    }

    /** Loads the classes without initialising them; those this JDK does not have are left out. */
    private static @Nullable Class<?>[] table() {
        @Nullable Class<?>[] table = new Class<?>[SLOTS];
        for (String name : NAMES) {
            try {
                Class<?> type = Class.forName(name, false, null);
                int slot = System.identityHashCode(type) & (SLOTS - 1);
                while (table[slot] != null) {
                    slot = (slot + 1) & (SLOTS - 1);
                }
                table[slot] = type;
            } catch (ClassNotFoundException | LinkageError notInThisJdk) {
                // nothing to misuse then
            }
        }
        return table;
    }
}
