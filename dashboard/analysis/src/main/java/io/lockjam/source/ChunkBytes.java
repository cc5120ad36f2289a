// SPDX-License-Identifier: Apache-2.0
package io.lockjam.source;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The octets of a chunk and where one reads: numbers are LEB128 of at most nine octets, the last of which has all its eight bits.
 *
 * <p>Texts begin with how they are written (jfrEncoders.hpp and the JDK's StringParser): 0 null, 1 empty, 2 the number of a constant,
 * 3 UTF-8, 4 characters as numbers, 5 Latin-1. Whoever reads past the end gets an {@link IndexOutOfBoundsException}.
 */
final class ChunkBytes {
    private static final int NULL = 0;
    private static final int EMPTY = 1;
    private static final int CONSTANT = 2;
    private static final int UTF_8 = 3;
    private static final int CHARACTERS = 4;
    private static final int LATIN_1 = 5;

    private final ByteBuffer bytes;
    private int position;

    ChunkBytes(ByteBuffer bytes) {
        this.bytes = bytes;
    }

    int position() {
        return position;
    }

    void position(int next) {
        position = next;
    }

    int limit() {
        return bytes.limit();
    }

    int octet() {
        return bytes.get(position++) & 0xFF;
    }

    long number() {
        long value = 0;
        for (int shift = 0; shift < 56; shift += 7) {
            int octet = bytes.get(position++);
            value |= (long) (octet & 0x7F) << shift;
            if (octet >= 0) {
                return value;
            }
        }
        return value | (long) octet() << 56;
    }

    /** A number of things of which each takes an octet at least. */
    int count() {
        long count = number();
        if (count < 0 || count > bytes.limit() - position) {
            throw new IndexOutOfBoundsException("a count of " + count);
        }
        return (int) count;
    }

    float single() {
        position += Float.BYTES;
        return bytes.getFloat(position - Float.BYTES);
    }

    double real() {
        position += Double.BYTES;
        return bytes.getDouble(position - Double.BYTES);
    }

    /** @param constants finds a text by its number */
    @Nullable
    String text(LongFunction<@Nullable String> constants) {
        int form = octet();
        return switch (form) {
            case NULL -> null;
            case EMPTY -> "";
            case CONSTANT -> constants.apply(number());
            case UTF_8 -> new String(octets(), StandardCharsets.UTF_8);
            case CHARACTERS -> characters();
            case LATIN_1 -> new String(octets(), StandardCharsets.ISO_8859_1);
            default -> throw new IndexOutOfBoundsException("a text of the form " + form);
        };
    }

    void skipText() {
        int form = octet();
        switch (form) {
            case NULL, EMPTY -> {}
            case CONSTANT -> number();
            case UTF_8, LATIN_1 -> {
                int length = count(); // moves the position itself
                position += length;
            }
            case CHARACTERS -> characters();
            default -> throw new IndexOutOfBoundsException("a text of the form " + form);
        }
    }

    private byte[] octets() {
        byte[] octets = new byte[count()];
        bytes.get(position, octets);
        position += octets.length;
        return octets;
    }

    private String characters() {
        char[] characters = new char[count()];
        for (int i = 0; i < characters.length; i++) {
            characters[i] = (char) number();
        }
        return new String(characters);
    }
}
