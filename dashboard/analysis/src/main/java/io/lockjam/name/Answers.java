// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import java.util.Map;
import java.util.function.Function;

/** Answers that take long to find and are asked for again and again. Once there are many they are forgotten, and found anew. */
final class Answers<K, V> {
    private static final int MOST = 5_000;

    private final Map<K, V> known;

    /** @param empty tells keys apart as it likes to: by identity, where they are interned */
    Answers(Map<K, V> empty) {
        this.known = empty;
    }

    V of(K asked, Function<? super K, ? extends V> find) {
        V answer = known.get(asked);
        if (answer == null) {
            answer = find.apply(asked);
            if (known.size() >= MOST) {
                known.clear();
            }
            known.put(asked, answer);
        }
        return answer;
    }
}
