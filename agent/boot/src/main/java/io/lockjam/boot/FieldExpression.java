// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a library's pool says of itself in fields, since its methods could wait, log or be overridden.
 *
 * <p>{@code a.b} follows fields; a number at the end counts as itself, a collection of the JDK as its size, and
 * {@code list[state=1]} as its elements with that value in a field. Such terms are joined by {@code +} and {@code -}.
 * Of several expressions separated by {@code |} the first that can be read counts. Used by the agent's thread alone.
 */
final class FieldExpression {
    private static final String JOINS = "+-";

    private final String text;
    private final Map<Class<?>, @Nullable MethodHandle> getters = new HashMap<>();
    private final Map<String, FieldExpression> parts = new HashMap<>();

    FieldExpression(String text) {
        this.text = text;
    }

    /** The value as a number; -1 if it cannot be read. */
    long number(Object in) throws Throwable {
        for (int from = 0; from < text.length(); ) {
            int end = end(from, "|");
            Long value = sum(text.substring(from, end), in);
            if (value != null) {
                return value;
            }
            from = end + 1;
        }
        return -1;
    }

    /** The object that the first readable path leads to; null if there is none. */
    @Nullable
    Object object(Object in) throws Throwable {
        for (int from = 0; from < text.length(); ) {
            int end = end(from, "|");
            Object value = follow(text.substring(from, end), in);
            if (value != null) {
                return value;
            }
            from = end + 1;
        }
        return null;
    }

    private @Nullable Long sum(String terms, Object in) throws Throwable {
        FieldExpression expression = part(terms);
        long sum = 0;
        char sign = '+';
        for (int from = 0; from < terms.length(); ) {
            int end = expression.end(from, JOINS);
            Long value = term(terms.substring(from, end), in);
            if (value == null) {
                return null;
            }
            sum += sign == '+' ? value : -value;
            sign = end < terms.length() ? terms.charAt(end) : '+';
            from = end + 1;
        }
        return sum;
    }

    private @Nullable Long term(String term, Object in) throws Throwable {
        int bracket = term.indexOf('[');
        Object value = follow(bracket < 0 ? term : term.substring(0, bracket), in);
        if (value instanceof Number number && ofTheJdk(value)) {
            return number.longValue();
        }
        if (value instanceof Collection && ofTheJdk(value)) {
            return bracket < 0
                    ? (long) ((Collection<?>) value).size()
                    : matching((Collection<?>) value, term.substring(bracket + 1, term.length() - 1));
        }
        return value instanceof Map && ofTheJdk(value) ? (long) ((Map<?, ?>) value).size() : null;
    }

    private @Nullable Long matching(Collection<?> elements, String condition) throws Throwable {
        int equals = condition.indexOf('=');
        String field = condition.substring(0, equals);
        long wanted = Long.parseLong(condition.substring(equals + 1));
        long count = 0;
        for (Object element : elements.toArray()) {
            Long value = element == null ? null : term(field, element);
            if (value == null) {
                return null;
            }
            count += value == wanted ? 1 : 0;
        }
        return count;
    }

    private @Nullable Object follow(String path, Object in) throws Throwable {
        Object at = in;
        for (int from = 0; from < path.length() && at != null; ) {
            int dot = path.indexOf('.', from);
            int end = dot < 0 ? path.length() : dot;
            at = part(path.substring(from, end)).read(at);
            from = end + 1;
        }
        return at;
    }

    /** This expression as the name of one field. */
    private @Nullable Object read(Object in) throws Throwable {
        Class<?> type = in.getClass();
        if (!getters.containsKey(type)) {
            getters.put(type, getter(type));
        }
        MethodHandle getter = getters.get(type);
        return getter == null ? null : (Object) getter.invokeExact(in);
    }

    private @Nullable MethodHandle getter(Class<?> type) {
        for (Class<?> each = type; each != null; each = each.getSuperclass()) {
            try {
                Field field = each.getDeclaredField(text);
                return MethodHandles.privateLookupIn(each, MethodHandles.lookup())
                        .unreflectGetter(field)
                        .asType(MethodType.methodType(Object.class, Object.class));
            } catch (NoSuchFieldException inherited) {
                // the next class may have it
            } catch (ReflectiveOperationException | RuntimeException | LinkageError outOfReach) {
                return null;
            }
        }
        return null;
    }

    private FieldExpression part(String text) {
        FieldExpression part = parts.get(text);
        if (part == null) {
            part = new FieldExpression(text);
            parts.put(text, part);
        }
        return part;
    }

    private int end(int from, String separators) {
        int end = from;
        while (end < text.length() && separators.indexOf(text.charAt(end)) < 0) {
            end++;
        }
        return end;
    }

    private static boolean ofTheJdk(Object value) {
        return value.getClass().getClassLoader() == null;
    }
}
