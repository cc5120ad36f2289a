// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import java.util.HashSet;
import java.util.Set;
import net.bytebuddy.jar.asm.Opcodes;

/**
 * What an instruction of a method leaves on the stack.
 *
 * @param key two values with one key are the same thing, as far as the method itself changes nothing
 * @param reads positions of the reads and calls that it was computed from, and the complement of those that were {@link #handed}
 * @param wide a long or a double
 */
record Value(String key, Set<Integer> reads, boolean wide) {
    private static final String MADE = "new ";
    private static final String CONSTANT = "constant ";
    private static final String CHOICE = "choice ";
    private static final String PARAMETER = "parameter ";
    private static final String GIVEN = "given by ";
    private static final String UNKNOWN = "?";
    /** What is computed from more than that is computed from too much to say anything about one of them. */
    private static final int MOST_READS = 32;

    static Value made(String type, int at) {
        return new Value(MADE + type + "@" + at, Set.of(), false);
    }

    static Value constant(Object value, boolean wide) {
        return new Value(CONSTANT + value, Set.of(), wide);
    }

    boolean isConstant() {
        return isConstant(key);
    }

    boolean isZero() {
        return isOfOpcode(Opcodes.ICONST_0)
                || isOfOpcode(Opcodes.LCONST_0)
                || isOfOpcode(Opcodes.FCONST_0)
                || isOfOpcode(Opcodes.DCONST_0);
    }

    /** Null, false or zero. */
    boolean isUnset() {
        return isZero() || isOfOpcode(Opcodes.ACONST_NULL);
    }

    static boolean isMinusOne(String key) {
        return key.equals(CONSTANT + "of opcode " + Opcodes.ICONST_M1) || key.equals(CONSTANT + "-1");
    }

    /** Whether it is what an instruction or a call has left as it was, not computed from it. */
    static boolean isPlain(String key) {
        return !key.startsWith(UNKNOWN);
    }

    boolean isOne() {
        return isOfOpcode(Opcodes.ICONST_1) || isOfOpcode(Opcodes.LCONST_1);
    }

    private boolean isOfOpcode(int opcode) {
        return key.equals(CONSTANT + "of opcode " + opcode);
    }

    static boolean isConstant(String key) {
        return key.startsWith(CONSTANT);
    }

    /** Of one of two constants: what has decided which one is in it only as an answer. */
    static String choice(String key) {
        return CHOICE + key;
    }

    boolean isChoice() {
        return key.startsWith(CHOICE);
    }

    /** Computed, or one of several. */
    static Value unknown(String name, boolean wide) {
        return new Value(UNKNOWN + name, Set.of(), wide);
    }

    static Value type(String name) {
        return new Value("class " + name, Set.of(), false);
    }

    static Value parameter(int variable) {
        return new Value(PARAMETER + variable, Set.of(), false);
    }

    boolean isParameter() {
        return key.startsWith(PARAMETER);
    }

    /** Whether no other thread computes the same: what the method has made or was given. What a reference shields is a cache. */
    boolean isOwn() {
        return isParameter() || (isMade() && !key.startsWith(MADE + "java/lang/ref/"));
    }

    /** What a method gave, which is a new value each time. */
    static Value given(String method, int at, Set<Integer> reads, boolean wide) {
        return new Value(GIVEN + method + "@" + at, reads, wide);
    }

    /** Whether it is what the call there gave, as it is. */
    static boolean isGiven(String key, int at) {
        return key.startsWith(GIVEN) && key.endsWith("@" + at);
    }

    /** Whether one of these methods gave it. */
    boolean isGivenBy(Set<String> methods) {
        return key.startsWith(GIVEN) && methods.contains(key.substring(GIVEN.length(), key.lastIndexOf('@')));
    }

    /** Whether it is an object that the method has made itself. */
    boolean isMade() {
        return key.startsWith(MADE);
    }

    Value with(Set<Integer> more) {
        return reads.containsAll(more) ? this : new Value(key, union(reads, more), wide);
    }

    /** Reads of which a method was given the result: what it gives back follows from them as it likes. */
    static Set<Integer> handed(Set<Integer> reads) {
        Set<Integer> handed = new HashSet<>(reads);
        reads.stream().filter(read -> read >= 0).forEach(read -> handed.add(~read));
        return handed;
    }

    /** Whether it follows from a read by way of a method that was given what was read. */
    boolean isHanded(int read) {
        return reads.contains(~read);
    }

    static Set<Integer> union(Set<Integer> one, Set<Integer> other) {
        if (one.isEmpty() || other.isEmpty()) {
            return one.isEmpty() ? other : one;
        }
        Set<Integer> both = new HashSet<>(one);
        both.addAll(other);
        return both.size() > MOST_READS ? one : both;
    }
}
