// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import io.lockjam.boot.Use;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Methods of classes that are not thread-safe, and whether they change the object.
 *
 * <p>By the class or interface named at the call; whether the object is of such a class is asked at run time. Methods that
 * only make a view ({@code keySet}) are left out: iterating it later may well be under a lock. Reads that may write inside
 * ({@code Calendar.get}) count as reads; {@code LinkedHashMap.get} is told apart by its order when it is called.
 */
final class UnsafeCalls {
    private static final String UTIL = "java/util/";
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

    /** Their position is one for all who use them. */
    private static final Set<String> BUFFERS = Set.of("java/nio/ByteBuffer", "java/nio/CharBuffer");

    private static final Set<String> STEPS = Set.of("next", "previous", "forEachRemaining");
    private static final Map<String, Methods> ALL = new HashMap<>();
    /** Not to be used by two threads whatever class implements them: the state of a transaction is one. */
    private static final Map<String, Methods> UNSHARED = new HashMap<>();

    static {
        Methods collection = new Methods(
                "add addAll addFirst addLast remove removeAll removeIf retainAll removeFirst removeLast clear set sort"
                        + " replaceAll push pop poll pollFirst pollLast offer offerFirst offerLast trimToSize"
                        + " ensureCapacity removeFirstOccurrence removeLastOccurrence",
                "get contains containsAll indexOf lastIndexOf size isEmpty iterator listIterator toArray peek"
                        + " peekFirst peekLast getFirst getLast forEach element first last floor ceiling higher lower"
                        + " descendingIterator stream");
        Methods map = new Methods(
                "put remove putAll clear putIfAbsent computeIfAbsent computeIfPresent compute merge replace replaceAll"
                        + " pollFirstEntry pollLastEntry",
                "get getOrDefault containsKey containsValue size isEmpty forEach firstKey lastKey firstEntry lastEntry"
                        + " floorKey floorEntry ceilingKey ceilingEntry higherKey lowerKey");
        COLLECTIONS.forEach(name -> ALL.put(UTIL + name, collection));
        MAPS.forEach(name -> ALL.put(UTIL + name, map));
        ALL.put("java/util/Iterator", new Methods("remove", "hasNext next forEachRemaining"));
        ALL.put("java/util/ListIterator", new Methods("remove add set", "hasNext hasPrevious next previous"));
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
                "java/util/Date",
                new Methods(
                        "setTime setHours setMinutes setSeconds setDate setMonth setYear",
                        "getTime toInstant toString before after compareTo equals hashCode getHours getMinutes getSeconds getDate"
                                + " getDay getMonth getYear clone"));
        ALL.put(
                "java/util/regex/Matcher",
                new Methods("find matches lookingAt reset appendReplacement appendTail", "group start end"));
        ALL.put("java/security/MessageDigest", new Methods("update digest reset", ""));
        ALL.put("java/security/Signature", new Methods("update sign verify initSign initVerify", ""));
        ALL.put("javax/crypto/Cipher", new Methods("init update doFinal", ""));
        ALL.put("javax/crypto/Mac", new Methods("init update doFinal reset", ""));
        Methods random = new Methods(
                "nextInt nextLong nextDouble nextBoolean nextFloat nextBytes nextGaussian nextExponential split jump leap",
                "");
        ALL.put("java/util/SplittableRandom", random);
        ALL.put("java/util/random/RandomGenerator", random);
        for (String kind : List.of("Streamable", "Splittable", "Jumpable", "Leapable", "ArbitrarilyJumpable")) {
            ALL.put("java/util/random/RandomGenerator$" + kind + "Generator", random);
        }
        ALL.put("java/util/StringTokenizer", new Methods("nextToken nextElement", "hasMoreTokens countTokens"));
        ALL.put("java/util/Scanner", new Methods("next nextInt nextLong nextLine hasNext hasNextLine hasNextInt", ""));
        ALL.put("java/util/StringJoiner", new Methods("add merge", "toString length"));
        ALL.put("java/util/Formatter", new Methods("format", "toString"));
        ALL.put("java/util/zip/CRC32", new Methods("update reset", "getValue"));
        ALL.put("java/util/zip/Adler32", new Methods("update reset", "getValue"));
        ALL.put("java/util/zip/Checksum", new Methods("update reset", "getValue"));
        ALL.put("java/text/MessageFormat", format);
        ALL.put("java/text/ChoiceFormat", format);
        Methods statement = new Methods(
                "execute executeQuery executeUpdate executeBatch addBatch setInt setLong" + " setString setObject", "");
        UNSHARED.put(
                "java/sql/Connection",
                new Methods("commit rollback setAutoCommit prepareStatement prepareCall createStatement", ""));
        Methods buffer = new Methods(
                "get put getInt putInt getLong putLong getShort putShort getChar putChar getFloat putFloat getDouble"
                        + " putDouble clear flip rewind compact",
                "");
        BUFFERS.forEach(name -> UNSHARED.put(name, buffer));
        UNSHARED.put("java/nio/charset/CharsetEncoder", new Methods("encode flush reset", ""));
        UNSHARED.put("java/nio/charset/CharsetDecoder", new Methods("decode flush reset", ""));
        UNSHARED.put("javax/xml/parsers/DocumentBuilder", new Methods("parse reset", ""));
        UNSHARED.put("javax/xml/parsers/SAXParser", new Methods("parse reset", ""));
        UNSHARED.put("javax/xml/transform/Transformer", new Methods("transform reset", ""));
        UNSHARED.put("javax/xml/xpath/XPath", new Methods("evaluate compile reset", ""));
        UNSHARED.put("javax/xml/xpath/XPathExpression", new Methods("evaluate", ""));
        UNSHARED.put("java/sql/Statement", statement);
        UNSHARED.put("java/sql/PreparedStatement", statement);
        UNSHARED.put("java/sql/ResultSet", new Methods("next", "getString getInt getLong getObject"));
    }

    private UnsafeCalls() {}

    private record Methods(Set<String> writes, Set<String> reads) {
        Methods(String writes, String reads) {
            this(Set.of(writes.split(" ")), Set.of(reads.split(" ")));
        }

        boolean has(String name) {
            return writes.contains(name) || reads.contains(name);
        }
    }

    /** Bits of {@link Use} for what the call does to the object; -1 if it is none of ours. */
    static int use(String owner, String name, String descriptor) {
        Methods methods = UNSHARED.getOrDefault(owner, ALL.get(owner));
        if (methods == null || !methods.has(name) || (BUFFERS.contains(owner) && hasIndex(name, descriptor))) {
            return -1;
        }
        if (STEPS.contains(name) && owner.endsWith("Iterator")) {
            return Use.STEPS;
        }
        return methods.writes().contains(name) ? Use.WRITES : 0;
    }

    /** Whether the call says where in a buffer, and so leaves its position alone. */
    private static boolean hasIndex(String name, String descriptor) {
        boolean number = descriptor.startsWith("(I");
        return number && (name.startsWith("get") || (name.startsWith("put") && !descriptor.startsWith("(I)")));
    }

    /** Whether the call has one argument that the receiver may lock while it holds its own lock, if both lock themselves. */
    static boolean mayNestLocks(String owner, String name, String descriptor) {
        boolean one = descriptor.startsWith("(L") && descriptor.indexOf(';') == descriptor.indexOf(')') - 1;
        return one
                && switch (owner) {
                    case "java/util/Collection", "java/util/List", "java/util/Set" ->
                        name.equals("addAll")
                                || name.equals("removeAll")
                                || name.equals("retainAll")
                                || name.equals("containsAll")
                                || name.equals("equals");
                    case "java/util/Vector", "java/util/Stack" -> name.endsWith("All") || name.equals("equals");
                    case "java/util/Map", "java/util/Hashtable" -> name.equals("putAll") || name.equals("equals");
                    case "java/lang/StringBuffer" -> name.equals("append");
                    default -> false;
                };
    }

    static boolean isCollection(String owner) {
        return owner.startsWith(UTIL) && COLLECTIONS.contains(owner.substring(UTIL.length()));
    }

    static boolean isMap(String owner) {
        return owner.startsWith(UTIL) && MAPS.contains(owner.substring(UTIL.length()));
    }

    static boolean knows(String owner) {
        return ALL.containsKey(owner);
    }

    /** Whether the class of the object does not matter. */
    static boolean unshared(String owner) {
        return UNSHARED.containsKey(owner);
    }
}
