// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import org.jspecify.annotations.Nullable;

/**
 * Two threads that stood before conflicting accesses at one moment, or that nothing has ordered. Not to be kept: it refers
 * to both and to the object.
 *
 * @param predicted whether they were not seen at one moment; the first then stands for what was done earlier
 * @param label {@code declaring.class.field descriptor}; the method for a call; null for an array element
 * @param firstUse bits of {@link Use}
 * @param firstStack its innermost frames are ours
 * @param target field, static, array or call
 */
public record Caught(
        boolean predicted,
        Object object,
        String target,
        @Nullable String label,
        @Nullable String secondLabel,
        int index,
        Thread first,
        int firstUse,
        Throwable firstStack,
        String firstLocks,
        Thread second,
        int secondUse,
        Throwable secondStack,
        String secondLocks) {}
