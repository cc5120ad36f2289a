// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

/** What a field's descriptor says. */
final class Fields {
    private Fields() {}

    /** Whether there is no state behind the value: a primitive, a string, a boxed number. */
    static boolean immutable(String descriptor) {
        return switch (descriptor) {
            case "Ljava/lang/String;",
                    "Ljava/lang/Integer;",
                    "Ljava/lang/Long;",
                    "Ljava/lang/Boolean;",
                    "Ljava/lang/Double;",
                    "Ljava/lang/Float;",
                    "Ljava/lang/Short;",
                    "Ljava/lang/Byte;",
                    "Ljava/lang/Character;" -> true;
            default -> descriptor.length() == 1;
        };
    }

    static boolean isWide(String descriptor) {
        return descriptor.equals("J") || descriptor.equals("D");
    }
}
