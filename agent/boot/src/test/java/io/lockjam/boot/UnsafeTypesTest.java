// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UnsafeTypesTest {
    /** Has a lock for one way to change it and forgets the other. */
    private static final class HalfLocked extends LinkedHashMap<String, String> {
        private static final long serialVersionUID = 1;

        @Override
        public synchronized @Nullable String put(String key, String value) {
            return super.put(key, value);
        }
    }

    @AfterEach
    void forget() {
        UnsafeTypes.forget();
    }

    @Test
    void aViewOrAnIteratorStandsForItsContainer() {
        Map<String, String> map = new HashMap<>(Map.of("a", "b"));
        List<String> list = new ArrayList<>(List.of("a"));

        assertThat(container(map)).isSameAs(map);
        assertThat(container(map.entrySet())).isSameAs(map);
        assertThat(container(map.keySet().iterator())).isSameAs(map);
        assertThat(container(list.iterator())).isSameAs(list);
        assertThat(container(list.subList(0, 1))).isSameAs(list);
    }

    @Test
    void aSetAndItsIteratorLeadToOneMap() {
        Set<String> hashed = new HashSet<>(Set.of("a"));
        Set<String> sorted = new TreeSet<>(Set.of("a"));

        assertThat(container(hashed)).isSameAs(container(hashed.iterator())).isInstanceOf(HashMap.class);
        assertThat(container(sorted)).isSameAs(container(sorted.iterator()));
    }

    @Test
    void whatASubclassOverridesIsItsOwnAffair() {
        assertThat(UnsafeTypes.of(HalfLocked.class, "Map.remove"))
                .as("not known yet")
                .isNull();
        UnsafeTypes.learn();

        assertThat(UnsafeTypes.of(HalfLocked.class, "Map.remove")).isNotNull();
        assertThat(UnsafeTypes.of(HalfLocked.class, "Map.put")).isNull();
    }

    @Test
    void aReadOfAMapInTheOrderOfAccessChangesIt() {
        Map<String, String> inserted = new LinkedHashMap<>();
        Map<String, String> accessed = new LinkedHashMap<>(16, 0.75f, true);

        assertThat(UnsafeTypes.reorders(accessed, "Map.get")).isTrue();
        assertThat(UnsafeTypes.reorders(accessed, "Map.size")).isFalse();
        assertThat(UnsafeTypes.reorders(inserted, "Map.get")).isFalse();
    }

    @Test
    void concurrentClassesAreNotInTheList() {
        UnsafeTypes.of(ConcurrentHashMap.class, "Map.put");
        UnsafeTypes.learn();

        assertThat(UnsafeTypes.of(ConcurrentHashMap.class, "Map.put")).isNull();
        assertThat(UnsafeTypes.of(String.class, "Map.put")).isNull();
    }

    private static Object container(Object receiver) {
        UnsafeTypes.Type type = UnsafeTypes.of(receiver.getClass(), "any");
        assertThat(type).isNotNull();
        return type == null ? receiver : type.container(receiver);
    }
}
