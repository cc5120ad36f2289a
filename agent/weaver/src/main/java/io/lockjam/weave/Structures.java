// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import net.bytebuddy.jar.asm.Handle;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;
import org.jspecify.annotations.Nullable;

/**
 * How values of a method were put together, where that alone makes two of them equal: a key that is made anew for each call, as
 * {@code new Key(user, day)}, {@code "u" + id} or {@code order.id()}.
 */
final class Structures {
    private static final int LONGEST = 500;
    private static final String CONCAT = "java/lang/invoke/StringConcatFactory";
    private static final Set<String> VALUES = Set.of(
            "java/lang/String",
            "java/lang/Integer",
            "java/lang/Long",
            "java/lang/Enum",
            "java/util/UUID",
            "java/util/Map$Entry",
            "java/nio/file/Path",
            "java/nio/file/Paths",
            "java/io/File");
    private static final Set<String> OWN = Set.of("name", "ordinal", "toString");

    private final FieldTable fields;
    private final Map<String, String> known = new HashMap<>();

    Structures(FieldTable fields) {
        this.fields = fields;
    }

    /** The same for two values that are equal; else its own key. */
    String of(Value value) {
        return known.getOrDefault(value.key(), value.key());
    }

    /** An object was made of these. */
    void made(Value object, String owner, List<Value> given) {
        keep(object, "new " + owner + joined(given));
    }

    /** A call has returned the value. */
    void given(Value value, ValueScan.Call call) {
        boolean pure = VALUES.contains(call.owner()) || isGetter(call.owner(), call.name(), call.descriptor());
        if (pure) {
            String object = call.opcode() == Opcodes.INVOKESTATIC ? "" : of(call.object());
            keep(value, call.owner() + "." + call.name() + call.descriptor() + object + joined(call.arguments()));
        }
    }

    /** A text was joined of these. */
    void concatenated(Value value, Handle bootstrap, @Nullable Object[] recipe, List<Value> given) {
        if (bootstrap.getOwner().equals(CONCAT)) {
            keep(value, "text " + Arrays.toString(recipe) + joined(given));
        }
    }

    /** A number was computed of one or two. */
    void computed(Value value, int opcode, Value first, Value last) {
        keep(value, "computed " + opcode + joined(List.of(first, last)));
    }

    private boolean isGetter(String owner, String name, String descriptor) {
        if (!descriptor.startsWith("()") || owner.startsWith("java/")) {
            return false;
        }
        boolean bean = name.length() > 3
                && name.startsWith("get")
                && Character.isUpperCase(name.charAt(3))
                && !name.contains("And")
                && !name.contains("Next");
        return bean
                || OWN.contains(name)
                || fields.isComponent(
                        owner, name, Type.getReturnType(descriptor).getDescriptor());
    }

    private void keep(Value value, String structure) {
        if (structure.length() < LONGEST) {
            known.put(value.key(), structure);
        }
    }

    private String joined(List<Value> values) {
        return values.stream().map(this::of).collect(Collectors.joining(",", "(", ")"));
    }
}
