// SPDX-License-Identifier: Apache-2.0
package io.lockjam.source;

import io.lockjam.model.LockRef;
import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An event of a recording, whoever parsed it.
 *
 * <p>A field may be missing, null or of another type: a recording of another version, or a damaged one. Then it has the value that the
 * caller gives for that case.
 */
interface EventFields {
    /** The number of its type in this recording. */
    long typeId();

    Instant end();

    /** From its start to its end; never negative. */
    Duration took();

    long number(String field, long otherwise);

    double real(String field, double otherwise);

    boolean truth(String field, boolean otherwise);

    /** Without blanks at the end: they are the agent's way past JFR's pool of texts. */
    @Nullable
    String optionalText(String field);

    /** A time span in whatever unit the event keeps it; never negative. */
    Duration span(String field);

    /** With dots; an empty text if there is none. */
    String className(String field);

    @Nullable
    ThreadRef thread(String field);

    /** The stack at which the event was; empty if none was taken. */
    Stack stack();

    /** Whether it was in a probe of ours that waits for another thread to come. */
    default boolean inProbe() {
        return false;
    }

    default int integer(String field, int otherwise) {
        long value = number(field, otherwise);
        return (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, value));
    }

    default String text(String field) {
        String text = optionalText(field);
        return text == null ? "" : text;
    }

    /** A time span that the event keeps in nanoseconds, as all of ours do; never negative. */
    default Duration nanos(String field) {
        return Duration.ofNanos(Math.max(0, number(field, 0)));
    }

    default String identity(String field) {
        return Long.toHexString(number(field, 0));
    }

    /** A lock of our own events, with the class in a Class field. */
    default LockRef lock(String classField, String idField) {
        return new LockRef(ClassNames.lock(className(classField)), identity(idField));
    }

    /** A lock of our own events, with the class in a String field. */
    default LockRef namedLock(String classNameField, String idField) {
        return new LockRef(ClassNames.lock(text(classNameField)), identity(idField));
    }

    default ThreadRef threadOrUnknown(String field) {
        ThreadRef thread = thread(field);
        return thread == null ? Interner.UNKNOWN_THREAD : thread;
    }

    /** The thread that the event is of. */
    default ThreadRef own() {
        return threadOrUnknown("eventThread");
    }
}
