// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import java.util.Collection;
import java.util.Deque;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * What a method reference of woven code calls in place of the method itself: {@code forEach(list::add)} runs no woven code, since
 * the JDK makes the call.
 *
 * <p>Each does what the method named by it does, on the first argument, after a probe. The next three are those of
 * {@link Probe#reference}. Whoever has kept such a reference goes on calling these after the class has its own code again.
 */
public final class References {
    private References() {}

    public static boolean add(Collection<Object> to, String method, String told, int use, Object element) {
        Probe.reference(to, method, told, use);
        return to.add(element);
    }

    public static boolean addAll(
            Collection<Object> to, String method, String told, int use, Collection<Object> elements) {
        Probe.reference(to, method, told, use);
        return to.addAll(elements);
    }

    public static boolean remove(Collection<Object> from, String method, String told, int use, Object element) {
        Probe.reference(from, method, told, use);
        return from.remove(element);
    }

    public static boolean contains(Collection<Object> in, String method, String told, int use, Object element) {
        Probe.reference(in, method, told, use);
        return in.contains(element);
    }

    public static boolean offer(Queue<Object> to, String method, String told, int use, Object element) {
        Probe.reference(to, method, told, use);
        return to.offer(element);
    }

    public static void addFirst(Deque<Object> to, String method, String told, int use, Object element) {
        Probe.reference(to, method, told, use);
        to.addFirst(element);
    }

    public static void addLast(Deque<Object> to, String method, String told, int use, Object element) {
        Probe.reference(to, method, told, use);
        to.addLast(element);
    }

    public static void push(Deque<Object> to, String method, String told, int use, Object element) {
        Probe.reference(to, method, told, use);
        to.push(element);
    }

    public static @Nullable Object put(
            Map<Object, Object> to, String method, String told, int use, Object key, Object value) {
        Probe.reference(to, method, told, use);
        return to.put(key, value);
    }

    public static @Nullable Object get(Map<Object, Object> from, String method, String told, int use, Object key) {
        Probe.reference(from, method, told, use);
        return from.get(key);
    }

    public static @Nullable Object remove(Map<Object, Object> from, String method, String told, int use, Object key) {
        Probe.reference(from, method, told, use);
        return from.remove(key);
    }

    public static boolean containsKey(Map<Object, Object> in, String method, String told, int use, Object key) {
        Probe.reference(in, method, told, use);
        return in.containsKey(key);
    }

    public static StringBuilder append(StringBuilder to, String method, String told, int use, String text) {
        Probe.reference(to, method, told, use);
        return to.append(text);
    }

    public static StringBuilder append(StringBuilder to, String method, String told, int use, Object value) {
        Probe.reference(to, method, told, use);
        return to.append(value);
    }
}
