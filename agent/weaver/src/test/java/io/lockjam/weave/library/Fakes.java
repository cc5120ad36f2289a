// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave.library;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.Statement;
import java.util.Objects;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A database that accepts everything and holds nothing. */
final class Fakes {
    private Fakes() {}

    static DataSource dataSource() {
        return make(DataSource.class);
    }

    static Driver driver() {
        return make(Driver.class);
    }

    private static <T> T make(Class<T> type) {
        InvocationHandler handler = Fakes::answer;
        return type.cast(Proxy.newProxyInstance(Fakes.class.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static @Nullable Object answer(Object self, Method method, Object @Nullable [] arguments) {
        return switch (method.getName()) {
            case "hashCode" -> System.identityHashCode(self);
            case "equals" -> arguments != null && self == arguments[0];
            case "toString" -> "fake";
            case "isValid", "acceptsURL", "getAutoCommit" -> true;
            case "getConnection", "connect" -> make(Connection.class);
            case "createStatement" -> make(Statement.class);
            default -> nothing(Objects.requireNonNull(method.getReturnType()));
        };
    }

    private static @Nullable Object nothing(Class<?> type) {
        if (type == boolean.class) {
            return false;
        }
        if (type == int.class) {
            return 0;
        }
        return type == long.class ? (Object) 0L : null;
    }
}
