// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The classes of an application that lie in one folder or jar and share the first two parts of their package. */
final class Neighbours {
    /** Climbing through more takes too long; then who calls from elsewhere is not known. */
    private static final int MOST = 400;

    private Neighbours() {}

    /** The classes of a file and all beside them; only the former if the others cannot be listed or are too many. */
    static List<Code.Parsed> with(List<Code.Parsed> nest, ClassBytes bytes, Code code) {
        Map<String, Code.Parsed> all = new LinkedHashMap<>();
        nest.forEach(type -> all.put(type.name(), type));
        List<String> beside = nest.isEmpty() ? List.of() : of(nest.get(0).name(), bytes);
        for (String each : beside.size() > MOST ? List.<String>of() : beside) {
            Code.Parsed type = all.containsKey(each) ? null : code.parsed(each);
            if (type != null) {
                all.put(each, type);
            }
        }
        return List.copyOf(all.values());
    }

    /** Whether all of them are known and few enough to be climbed through. */
    static boolean areKnown(String className, ClassBytes bytes) {
        int size = of(className, bytes).size();
        return size > 0 && size <= MOST;
    }

    /** Their names; none if they cannot be listed. */
    static List<String> of(String className, ClassBytes bytes) {
        return bytes.beside(className, root(className));
    }

    /** {@code com.acme.} of {@code com.acme.shop.Cart}. */
    static String root(String className) {
        int first = className.indexOf('.');
        int second = className.indexOf('.', first + 1);
        return className.substring(0, Math.max(0, second < 0 ? first + 1 : second + 1));
    }
}
