// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import java.util.Map;
import java.util.Set;
import net.bytebuddy.jar.asm.Type;
import org.jspecify.annotations.Nullable;

/**
 * A method that looks at a collection in a field of its own object and gives back what it saw, or that changes it in any case: whoever
 * calls it does so.
 *
 * @param field {@code owner.name descriptor}
 * @param part {@link TwoSteps#part}
 * @param key which argument is the key; {@link TwoSteps#NONE} if it is about the whole
 * @param name of the call that it makes: {@code Map.put}
 * @param put which argument is put; {@link TwoSteps#NONE} if it is {@code value}
 */
record Helper(
        boolean looks,
        String field,
        String part,
        int key,
        String name,
        int put,
        @Nullable Value value) {
    private static final String OF_THIS = Value.parameter(0).key() + ".";
    private static final String BY = " by ";

    /**
     * Null if an instance method is none.
     *
     * @param given what it returns, if it does so at one place only
     */
    static @Nullable Helper of(Dependences found, @Nullable Value given, String descriptor) {
        Map.Entry<Integer, Dependences.Step> only = null;
        for (Map.Entry<Integer, Dependences.Step> each : found.changes.entrySet()) {
            if (each.getValue().isCall()) {
                if (only != null) {
                    return null;
                }
                only = each;
            }
        }
        if (only != null) {
            boolean always = found.ways.always(only.getKey()) && found.ofCall(only.getKey()) == null;
            return always ? of(only.getValue(), false, descriptor) : null;
        }
        Set<Integer> reads = given == null ? Set.of() : given.reads();
        return reads.stream()
                .map(found.looks::get)
                .filter(look -> look != null && look.isCall())
                .findFirst()
                .map(look -> of(look, true, descriptor))
                .orElse(null);
    }

    private static @Nullable Helper of(Dependences.Step step, boolean looks, String descriptor) {
        String object = step.object();
        String field = object.startsWith(OF_THIS) ? object.substring(OF_THIS.length()) : "";
        if (field.isEmpty() || field.indexOf(' ') != field.lastIndexOf(' ')) {
            return null; // of something else, or of a field of what is in a field
        }
        String place = step.place();
        int by = place.indexOf(BY);
        int key = by < 0 ? TwoSteps.NONE : argument(place.substring(by + BY.length()), descriptor);
        if (by >= 0 && key < 0) {
            return null;
        }
        Value value = step.value();
        int put = value == null ? TwoSteps.NONE : argument(value.key(), descriptor);
        Value made = value == null || put >= 0 ? null : new Value(value.key(), Set.of(), value.wide());
        return new Helper(looks, field, by < 0 ? "" : place.substring(0, by), key, step.name(), put, made);
    }

    /** Which argument a value is; {@link TwoSteps#NONE} if it is none. */
    private static int argument(String value, String descriptor) {
        Type[] arguments = Type.getArgumentTypes(descriptor);
        int variable = 1;
        for (int i = 0; i < arguments.length; i++) {
            if (value.equals(Value.parameter(variable).key())) {
                return i;
            }
            variable += arguments[i].getSize();
        }
        return TwoSteps.NONE;
    }

    /** What a call of it does. */
    Dependences.Step step(ValueScan.Call call) {
        String place = key < 0
                ? Dependences.WHOLE
                : part + BY + call.arguments().get(key).key();
        Value puts = looks ? null : put < 0 ? value : call.arguments().get(put);
        return new Dependences.Step(place, call.object().key() + "." + field, name, puts);
    }

    String fieldOwner() {
        return field.substring(0, field.lastIndexOf('.', field.indexOf(' ')));
    }

    String fieldName() {
        return field.substring(fieldOwner().length() + 1, field.indexOf(' '));
    }

    String fieldDescriptor() {
        return field.substring(field.indexOf(' ') + 1);
    }

    /** The change with the field and the method that it is made by: {@code Map.put(com.acme.Users.byName/load)}. */
    String told(String method) {
        return name + "(" + fieldOwner().replace('/', '.') + "." + fieldName() + "/" + method + ")";
    }
}
