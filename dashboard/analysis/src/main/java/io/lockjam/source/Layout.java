// SPDX-License-Identifier: Apache-2.0
package io.lockjam.source;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How the values of one type lie in a chunk, field after field. */
final class Layout {
    /** Types within types; the JDK's own go two deep. A hostile one could hold itself. */
    private static final int DEEPEST = 8;

    final String name;
    private final List<Field> fields;
    private final Map<Long, Layout> layouts;

    /** How a field is written. */
    enum Form {
        LONG,
        INT,
        SHORT,
        CHAR,
        BYTE,
        BOOLEAN,
        FLOAT,
        DOUBLE,
        TEXT,
        /** The number of a constant of the field's type. */
        CONSTANT,
        /** The fields of another type, in place. */
        PART;

        /** Null if a type is none of the JVM's own, and so one with fields. */
        static @Nullable Form of(String type) {
            return switch (type) {
                case "long" -> LONG;
                case "int" -> INT;
                case "short" -> SHORT;
                case "char" -> CHAR;
                case "byte" -> BYTE;
                case "boolean" -> BOOLEAN;
                case "float" -> FLOAT;
                case "double" -> DOUBLE;
                case "java.lang.String" -> TEXT;
                default -> null;
            };
        }
    }

    /**
     * One field.
     *
     * @param list whether there are several values, after their number
     * @param unit of a time span; empty if it is none
     */
    record Field(String name, long type, Form form, boolean list, String unit) {}

    /** @param layouts of all types by number, filled later */
    Layout(String name, List<Field> fields, Map<Long, Layout> layouts) {
        this.name = name;
        this.fields = fields;
        this.layouts = layouts;
    }

    int size() {
        return fields.size();
    }

    Field field(int index) {
        return fields.get(index);
    }

    /** -1 if there is no such field. */
    int index(String field) {
        for (int i = 0; i < fields.size(); i++) {
            if (fields.get(i).name().equals(field)) {
                return i;
            }
        }
        return -1;
    }

    /** Puts one number for each field into an array: of texts, parts and lists where they lie, of broken numbers their bits. */
    void read(ChunkBytes bytes, long[] into) {
        for (int i = 0; i < fields.size(); i++) {
            Field field = fields.get(i);
            if (field.list() || field.form() == Form.PART || field.form() == Form.TEXT) {
                into[i] = bytes.position();
                skip(field, bytes, 0);
            } else {
                into[i] = value(field.form(), bytes);
            }
        }
    }

    void skip(ChunkBytes bytes) {
        skip(bytes, 0);
    }

    private void skip(ChunkBytes bytes, int depth) {
        if (depth > DEEPEST) {
            throw new IndexOutOfBoundsException("types within types");
        }
        for (int i = 0; i < fields.size(); i++) {
            skip(fields.get(i), bytes, depth);
        }
    }

    private void skip(Field field, ChunkBytes bytes, int depth) {
        int count = field.list() ? bytes.count() : 1;
        for (int i = 0; i < count; i++) {
            if (field.form() == Form.PART) {
                part(field).skip(bytes, depth + 1);
            } else if (field.form() == Form.TEXT) {
                bytes.skipText();
            } else {
                value(field.form(), bytes);
            }
        }
    }

    private Layout part(Field field) {
        Layout part = layouts.get(field.type());
        if (part == null) {
            throw new IndexOutOfBoundsException("a field of an unknown type");
        }
        return part;
    }

    private static long value(Form form, ChunkBytes bytes) {
        return switch (form) {
            case LONG, CONSTANT -> bytes.number();
            case INT -> (int) bytes.number();
            case SHORT -> (short) bytes.number();
            case CHAR -> (char) bytes.number();
            case BYTE -> (byte) bytes.octet();
            case BOOLEAN -> bytes.octet();
            case FLOAT -> Double.doubleToRawLongBits(bytes.single());
            case DOUBLE -> Double.doubleToRawLongBits(bytes.real());
            case TEXT, PART -> throw new IllegalStateException("not a number");
        };
    }
}
