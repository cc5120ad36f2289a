// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
        Map<String, Boolean> plain = new HashMap<>();
        assertThat(container(Collections.newSetFromMap(plain))).isSameAs(plain);
        assertThat(container(Collections.newSetFromMap(new ConcurrentHashMap<>())))
                .isNull();
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

        assertThat(use(accessed, "Map.get", 0)).isEqualTo(Use.WRITES);
        assertThat(use(accessed, "Map.size", 0)).isZero();
        assertThat(use(inserted, "Map.get", 0)).isZero();
    }

    @Test
    void concurrentClassesAreNotInTheList() {
        UnsafeTypes.of(ConcurrentHashMap.class, "Map.put");
        UnsafeTypes.learn();

        assertThat(UnsafeTypes.of(ConcurrentHashMap.class, "Map.put")).isNull();
        assertThat(UnsafeTypes.of(String.class, "Map.put")).isNull();
    }

    @Test
    void aReadOnlyViewLeadsToItsContainerAndChangesNothing() {
        List<String> list = new ArrayList<>(List.of("a"));
        Map<String, String> map = new HashMap<>(Map.of("a", "b"));

        assertThat(container(Collections.unmodifiableList(list))).isSameAs(list);
        assertThat(container(Collections.unmodifiableCollection(list).iterator()))
                .isSameAs(list);
        assertThat(container(Collections.unmodifiableMap(map).entrySet().iterator()))
                .isSameAs(map);
        assertThat(container(Collections.unmodifiableMap(new ConcurrentHashMap<>(map))))
                .isNull();
        assertThat(use(Collections.unmodifiableMap(map), "Map.put", Use.WRITES)).isZero();
    }

    @Test
    void aWrapperWithALockTellsIt() {
        List<String> list = new ArrayList<>();
        List<String> wrapped = Collections.synchronizedList(list);

        assertThat(container(wrapped)).isSameAs(list);
        assertThat(type(wrapped).guard(wrapped)).isSameAs(wrapped);
        assertThat(type(list).guard(list)).isNull();
        assertThat(container(Collections.unmodifiableCollection(wrapped)))
                .as("the lock is further in")
                .isNull();
    }

    @Test
    void aCallOfTheSuperclassIsThatOfTheListedClass() {
        UnsafeTypes.Type type = UnsafeTypes.inherited(HalfLocked.class);

        assertThat(type).isNotNull().isSameAs(UnsafeTypes.inherited(LinkedHashMap.class));
        assertThat(UnsafeTypes.inherited(ConcurrentHashMap.class)).isNull();
    }

    private static int use(Object receiver, String method, int use) {
        return type(receiver).use(receiver, method, use);
    }

    private static @Nullable Object container(Object receiver) {
        return type(receiver).container(receiver);
    }

    private static UnsafeTypes.Type type(Object receiver) {
        UnsafeTypes.Type type = UnsafeTypes.of(receiver.getClass(), "any");
        assertThat(type).isNotNull();
        return Objects.requireNonNull(type);
    }
}
