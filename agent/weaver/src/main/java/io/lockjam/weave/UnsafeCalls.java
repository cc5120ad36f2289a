// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Methods of classes that are not thread-safe, and whether they change the object.
 *
 * <p>By the class or interface named at the call; whether the object is of such a class is asked at run time. Methods that
 * only make a view ({@code keySet}) are left out: iterating it later may well be under a lock. Reads that may write inside
 * ({@code Calendar.get}, {@code LinkedHashMap.get} in access order) count as reads.
 */
final class UnsafeCalls {
    private static final List<String> COLLECTIONS = List.of(
            "Collection",
            "List",
            "Set",
            "SortedSet",
            "NavigableSet",
            "Queue",
            "Deque",
            "AbstractCollection",
            "AbstractList",
            "AbstractSet",
            "HashSet",
            "LinkedHashSet",
            "TreeSet",
            "EnumSet",
            "ArrayList",
            "LinkedList",
            "ArrayDeque",
            "PriorityQueue",
            "SequencedCollection",
            "SequencedSet");
    private static final List<String> MAPS = List.of(
            "Map",
            "SortedMap",
            "NavigableMap",
            "AbstractMap",
            "HashMap",
            "LinkedHashMap",
            "TreeMap",
            "WeakHashMap",
            "IdentityHashMap",
            "EnumMap",
            "SequencedMap");

    private static final Map<String, Methods> ALL = new HashMap<>();

    static {
        Methods collection = new Methods(
                "add addAll addFirst addLast remove removeAll removeIf retainAll removeFirst removeLast clear set sort"
                        + " replaceAll push pop poll pollFirst pollLast offer offerFirst offerLast trimToSize ensureCapacity"
                        + " removeFirstOccurrence removeLastOccurrence",
                "get contains containsAll indexOf lastIndexOf size isEmpty iterator listIterator toArray peek peekFirst"
                        + " peekLast getFirst getLast forEach element first last floor ceiling higher lower descendingIterator");
        Methods map = new Methods(
                "put remove putAll clear putIfAbsent computeIfAbsent computeIfPresent compute merge replace replaceAll"
                        + " pollFirstEntry pollLastEntry",
                "get getOrDefault containsKey containsValue size isEmpty forEach firstKey lastKey firstEntry lastEntry"
                        + " floorKey floorEntry ceilingKey ceilingEntry higherKey lowerKey");
        COLLECTIONS.forEach(name -> ALL.put("java/util/" + name, collection));
        MAPS.forEach(name -> ALL.put("java/util/" + name, map));
        ALL.put("java/util/Iterator", new Methods("next remove", "hasNext"));
        ALL.put("java/util/ListIterator", new Methods("next previous remove add set", "hasNext hasPrevious"));
        ALL.put(
                "java/util/BitSet",
                new Methods("set clear flip and or xor andNot", "get cardinality nextSetBit nextClearBit isEmpty"));
        ALL.put(
                "java/lang/StringBuilder",
                new Methods(
                        "append insert delete deleteCharAt setCharAt setLength replace reverse appendCodePoint",
                        "toString length charAt substring indexOf lastIndexOf isEmpty"));
        Methods format = new Methods("format parse", "");
        for (String name : List.of("Format", "DateFormat", "SimpleDateFormat", "NumberFormat", "DecimalFormat")) {
            ALL.put("java/text/" + name, format);
        }
        Methods calendar = new Methods("set add roll setTime setTimeInMillis clear", "get getTime getTimeInMillis");
        ALL.put("java/util/Calendar", calendar);
        ALL.put("java/util/GregorianCalendar", calendar);
        ALL.put(
                "java/util/regex/Matcher",
                new Methods("find matches lookingAt reset appendReplacement appendTail", "group start end"));
        ALL.put("java/security/MessageDigest", new Methods("update digest reset", ""));
    }

    private UnsafeCalls() {}

    private record Methods(Set<String> writes, Set<String> reads) {
        Methods(String writes, String reads) {
            this(Set.of(writes.split(" ")), Set.of(reads.split(" ")));
        }
    }

    /** True if the call changes the object, false if it only reads it, null if it is none of ours. */
    static @Nullable Boolean writes(String owner, String name) {
        Methods methods = ALL.get(owner);
        if (methods == null) {
            return null;
        }
        if (methods.writes().contains(name)) {
            return true;
        }
        return methods.reads().contains(name) ? false : null;
    }
}
