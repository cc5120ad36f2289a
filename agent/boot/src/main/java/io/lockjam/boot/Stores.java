// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import java.lang.invoke.MethodHandle;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Objects of other classes than the JDK's that keep values by key, such as a session with its attributes: whether two threads that
 * call one of them share what it keeps.
 *
 * <p>That cannot be told from the calls: a proxy may lead each thread to another object. So two threads that were caught there are told
 * only once a value that was put there is found by its key in a map that the object's own fields lead to. No code of the
 * application is run for that. Of the agent's thread, but for {@link #doubt}.
 */
final class Stores {
    private static final int MOST = 8;
    /** The value may be overwritten at once, and the thread that puts it may lack a core. */
    private static final int TICKS = TrapBudget.TICKS_PER_SECOND / 2;

    private static final int DEEPEST = 3;
    private static final int MOST_OBJECTS = 256;
    /** What a map keeps may be an entry of its owner's, with the value in a field. */
    private static final int WRAPPED = 2;

    private static final int LONGEST_CHAIN = 64;
    private static final @Nullable Class<?> NODE = Types.named("java.util.HashMap$Node");
    private static final @Nullable MethodHandle TABLE =
            Access.getter(HashMap.class, "table", NODE == null ? null : NODE.arrayType());
    private static final @Nullable MethodHandle KEY = Access.getter(NODE, "key", Object.class);
    private static final @Nullable MethodHandle VALUE = Access.getter(NODE, "value", Object.class);
    private static final @Nullable MethodHandle NEXT = Access.getter(NODE, "next", NODE);
    private static final AtomicReferenceArray<@Nullable Doubt> DOUBTS = new AtomicReferenceArray<>(MOST);

    private Stores() {}

    private static final class Doubt {
        final Caught caught;
        final Steps.Entry entry;
        /** What threads have put there since, the last few. */
        final AtomicReferenceArray<@Nullable Object> put = new AtomicReferenceArray<>(MOST);

        final AtomicInteger puts = new AtomicInteger();
        int left = TICKS;

        Doubt(Caught caught, Steps.Entry entry) {
            this.caught = caught;
            this.entry = entry;
            put.set(MOST - 1, entry.value());
        }

        boolean isShown() {
            for (int i = 0; i < MOST; i++) {
                Object value = put.get(i);
                if (value != null && shows(entry.collection(), entry.key(), value)) {
                    return true;
                }
            }
            return false;
        }
    }

    /** Whether it may be such an object; a class made at run time stands for another one. */
    static boolean mayBe(Object whole) {
        Class<?> type = whole.getClass();
        return type.getClassLoader() != null
                && !type.isHidden()
                && !Proxy.isProxyClass(type)
                && !type.getName().contains("$$");
    }

    /** Keeps what was caught until it is known whether the two have shared anything; else it is dropped. */
    static void doubt(Caught caught, Steps.Entry entry) {
        Doubt doubt = new Doubt(caught, entry);
        for (int i = 0; i < MOST && !DOUBTS.compareAndSet(i, null, doubt); i++) {
            Thread.onSpinWait();
        }
    }

    /** Before a value is put, by any thread. */
    static void put(Object whole, Object key, Object value) {
        for (int i = 0; i < MOST; i++) {
            Doubt doubt = DOUBTS.get(i);
            if (doubt != null && Steps.isSame(doubt.entry, whole, key)) {
                doubt.put.set(doubt.puts.getAndIncrement() & (MOST - 1), value);
            }
        }
    }

    /** Once a tick. */
    static void settle() {
        for (int i = 0; i < MOST; i++) {
            Doubt doubt = DOUBTS.get(i);
            if (doubt == null) {
                continue;
            }
            boolean shown = doubt.isShown();
            if (shown || --doubt.left <= 0) {
                DOUBTS.set(i, null);
                if (shown) {
                    Traps.offer(doubt.caught);
                }
            }
        }
    }

    static void forget() {
        for (int i = 0; i < MOST; i++) {
            DOUBTS.set(i, null);
        }
    }

    /** Whether a map that the fields of the object lead to has that value by that key now, or a field of its own has it. */
    @SuppressWarnings("ReferenceEquality") // an equal one may be another thread's
    static boolean shows(Object whole, Object key, Object wanted) {
        if (key instanceof String name && name.startsWith("\0")) {
            boolean locked = name.startsWith(Probe.LOCKED_PROPERTY);
            return leads(whole, WRAPPED, each -> mayBe(each) && keeps(each, wanted, locked));
        }
        return Keys.isValue(key)
                && leads(whole, DEEPEST, map -> {
                    Object found = map.getClass() == ConcurrentHashMap.class
                            ? ((ConcurrentHashMap<?, ?>) map).get(key)
                            : map instanceof HashMap ? found(map, key) : null;
                    return found != null && leads(found, WRAPPED, each -> each == wanted);
                });
    }

    /**
     * Whether a field of the object has that value.
     *
     * @param locked whether any field counts: else only what orders those who use it, as all others are told as the fields that they are
     */
    private static boolean keeps(Object object, Object wanted, boolean locked) {
        boolean[] found = new boolean[1];
        boolean read = eachField(object, (field, value) -> {
            boolean ordered = locked || Modifier.isVolatile(field.getModifiers());
            found[0] |= (ordered && isSame(value, wanted)) || isSame(content(value), wanted);
        });
        return read && found[0];
    }

    @SuppressWarnings("ReferenceEquality") // an equal one may be another thread's, but not of a number
    private static boolean isSame(@Nullable Object value, Object wanted) {
        return value == wanted || (value != null && Keys.isValue(wanted) && Keys.isSame(value, wanted));
    }

    /** What an atomic variable holds; null if it is none. */
    private static @Nullable Object content(Object value) {
        Class<?> type = value.getClass();
        if (type == AtomicReference.class) {
            return ((AtomicReference<?>) value).get();
        }
        if (type == AtomicLong.class) {
            return ((AtomicLong) value).get();
        }
        return type == AtomicInteger.class ? ((AtomicInteger) value).get() : null;
    }

    /** By its nodes: other threads may change the map meanwhile, and a subclass may have a {@code get} of its own. */
    private static @Nullable Object found(Object map, Object key) {
        if (TABLE == null || KEY == null || VALUE == null || NEXT == null) {
            return null;
        }
        try {
            Object[] table = (Object[]) Access.object(TABLE, map);
            int hash = key.hashCode();
            Object node = table == null ? null : table[(hash ^ (hash >>> 16)) & (table.length - 1)];
            for (int i = 0; node != null && i < LONGEST_CHAIN; i++) {
                if (key.equals(Access.object(KEY, node))) {
                    return Access.object(VALUE, node);
                }
                node = Access.object(NEXT, node);
            }
        } catch (Throwable unreadable) {
            return null;
        }
        return null;
    }

    private interface Test {
        boolean of(Object found);
    }

    private record Step(Object object, int left) {}

    /** Whether the object or one that its fields lead to passes; goes on through objects of other classes than the JDK's only. */
    private static boolean leads(Object from, int deepest, Test test) {
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Step> next = new ArrayDeque<>();
        next.add(new Step(from, deepest));
        for (Step at = next.poll(); at != null && seen.size() < MOST_OBJECTS; at = next.poll()) {
            if (!seen.add(at.object)) {
                continue;
            }
            if (test.of(at.object)) {
                return true;
            }
            if (at.left > 0 && mayBe(at.object)) {
                add(at, next);
            }
        }
        return false;
    }

    private static void add(Step at, Deque<Step> next) {
        boolean read = eachField(at.object, (field, value) -> {
            if (!field.getType().isPrimitive()) {
                next.add(new Step(value, at.left - 1));
            }
        });
        if (!read) {
            next.clear(); // nothing is shown then
        }
    }

    private interface Visit {
        void to(Field field, Object value);
    }

    /** Its own ones that are not null; false if they cannot be read. */
    private static boolean eachField(Object object, Visit visit) {
        try {
            for (Class<?> type = object.getClass(); type != null && type != Object.class; type = type.getSuperclass()) {
                for (Field each : type.getDeclaredFields()) {
                    boolean own = !Modifier.isStatic(each.getModifiers());
                    Object value = own && each.trySetAccessible() ? each.get(object) : null;
                    if (value != null) {
                        visit.to(each, value);
                    }
                }
            }
            return true;
        } catch (ReflectiveOperationException | RuntimeException | LinkageError closed) {
            return false;
        }
    }
}
