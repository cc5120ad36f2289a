// SPDX-License-Identifier: Apache-2.0
package io.lockjam.source;

import java.util.Map;
import java.util.function.Function;

/** A map that starts anew when it is full, so that its memory is bounded. */
record Cache<K, V>(Map<K, V> entries, int limit) {
    V of(K key, Function<K, V> make) {
        V known = entries.get(key);
        if (known != null) {
            return known;
        }
        V made = make.apply(key);
        if (entries.size() >= limit) {
            entries.clear();
        }
        entries.put(key, made);
        return made;
    }
}
