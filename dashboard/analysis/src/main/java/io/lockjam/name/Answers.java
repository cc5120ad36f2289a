// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.Function;

/** Answers that take long to find and are asked for again and again. Once there are many they are forgotten, and found anew. */
final class Answers<K, V> {
    private final Map<K, V> known;
    private final int most;

    private Answers(Map<K, V> empty, int most) {
        this.known = empty;
        this.most = most;
    }

    Answers(int most) {
        this(new HashMap<>(), most);
    }

    /** To questions of which equal ones are the same object: quicker where they are long. */
    static <K, V> Answers<K, V> toInterned(int most) {
        return new Answers<>(new IdentityHashMap<>(), most);
    }

    /** @param find may ask other questions */
    V of(K question, Function<? super K, ? extends V> find) {
        V answer = known.get(question);
        if (answer == null) {
            answer = find.apply(question);
            if (known.size() >= most) {
                known.clear();
            }
            known.put(question, answer);
        }
        return answer;
    }
}
