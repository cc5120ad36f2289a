// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** When it is shown that an object keeps a value by its key. */
final class StoresTest {
    private static final class Cart {
        private final String owner = "own";
    }

    private record Held(Object value) {}

    private record Facade(Object behind) {}

    @Test
    void byAMapThatTheFieldsLeadTo() {
        Cart cart = new Cart();
        Map<String, Object> shared = new ConcurrentHashMap<>(Map.of("cart", cart));

        assertThat(Stores.shows(new Facade(new Facade(shared)), "cart", cart)).isTrue();
        assertThat(Stores.shows(new Facade(new Facade(new Facade(new Facade(shared)))), "cart", cart))
                .as("too far to say")
                .isFalse();
        assertThat(Stores.shows(new Facade(shared), "cart", new Cart())).isFalse();
        assertThat(Stores.shows(new Facade(shared), "basket", cart)).isFalse();
        assertThat(cart.owner).isEqualTo("own");
    }

    @Test
    void byAPlainMapUnderTheObjectsOwnLock() {
        Map<Object, Object> plain = new HashMap<>();
        for (int i = 0; i < 100; i++) {
            plain.put("key" + i, i);
        }
        assertThat(Stores.shows(new Facade(plain), "key77", 77)).isTrue();
        assertThat(Stores.shows(new Facade(plain), "key77", 78)).isFalse();
        assertThat(Stores.shows(new Facade(new HashMap<>()), "key77", 77)).isFalse();
    }

    @Test
    void amongKeysOfOneHashCodeByTheKey() {
        Map<Object, Object> plain = new HashMap<>(Map.of("Aa", 1, "BB", 2));

        assertThat("Aa".hashCode()).isEqualTo("BB".hashCode());
        assertThat(Stores.shows(new Facade(plain), "Aa", 1)).isTrue();
        assertThat(Stores.shows(new Facade(plain), "BB", 2)).isTrue();
        assertThat(Stores.shows(new Facade(plain), "BB", 1)).isFalse();
    }

    @Test
    void byAnEntryWithTheValueInIt() {
        Cart cart = new Cart();
        assertThat(Stores.shows(new Facade(new ConcurrentHashMap<>(Map.of("cart", new Held(cart)))), "cart", cart))
                .isTrue();
    }

    @Test
    void notByWhatAThreadHasForItself() {
        Cart cart = new Cart();
        ThreadLocal<Map<String, Object>> own = ThreadLocal.withInitial(HashMap::new);
        own.get().put("cart", cart);

        assertThat(Stores.shows(new Facade(own), "cart", cart)).isFalse();
    }

    private static final class Property {
        private long total = 5;
        private volatile Object state = "busy";
        private final AtomicReference<Object> plan = new AtomicReference<>("plan");
        private final AtomicLong count = new AtomicLong(77);
        private final Object behind;

        Property(Object behind) {
            this.behind = behind;
        }
    }

    @Test
    void aPropertyByAFieldThatOrdersItsReaders() {
        Property property = new Property("last");
        String key = Probe.PROPERTY + "State";

        for (Object each : List.of("busy", "plan", 77L)) {
            assertThat(Stores.shows(property, key, each)).isTrue();
            assertThat(Stores.shows(new Facade(new Facade(property)), key, each))
                    .isTrue();
            assertThat(Stores.shows(new Facade(new Facade(new Facade(property))), key, each))
                    .as("too far to say")
                    .isFalse();
        }
        assertThat(Stores.shows(property, key, 5L)).as("told as a field").isFalse();
        assertThat(Stores.shows(property, Probe.LOCKED_PROPERTY + "Total", 5L)).isTrue();
        assertThat(Stores.shows(property, Probe.LOCKED_PROPERTY + "Total", 6L)).isFalse();
        assertThat(Stores.shows(property, key, property.behind)).isFalse();
        assertThat(property.total + property.state.hashCode() + property.count.get())
                .isNotZero();
        assertThat(property.plan).isNotNull();
    }

    @Test
    void noPropertyByWhatAThreadHasForItself() {
        ThreadLocal<Object> own = ThreadLocal.withInitial(() -> "own");
        own.get();
        assertThat(Stores.shows(new Facade(own), Probe.LOCKED_PROPERTY + "User", "own"))
                .isFalse();
    }

    @Test
    void aClassMadeAtRunTimeStandsForAnother() {
        Object proxy = Proxy.newProxyInstance(
                StoresTest.class.getClassLoader(), new Class<?>[] {Runnable.class}, (self, method, given) -> null);

        assertThat(Stores.mayBe(proxy)).isFalse();
        assertThat(Stores.mayBe("text")).isFalse();
        assertThat(Stores.mayBe(new Cart())).isTrue();
    }
}
