// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How one library lends slots, such as connections: the whole of what has to be known of it.
 *
 * <p>Methods are named as bytecode spells them without the result, {@code borrow(JLjava/lang/Object;)}. What is read from
 * fields is told by the expressions of {@link FieldExpression}; empty where the library does not have it.
 *
 * @param type class that is woven; pools are its instances and those of its subclasses
 * @param borrow methods that return a slot, or null or an exception if there is none; of several that call each other
 *     the innermost first, and only the first that the class has is woven
 * @param give methods whose first argument is a slot that comes back or goes; all of them are woven
 * @param pool the object that people know as the pool
 * @param name its name
 * @param size slots that there are
 * @param max slots that there may be; a negative number is no bound
 * @param inUse slots that are lent
 */
public record SlotLibrary(
        String type,
        List<String> borrow,
        List<String> give,
        String pool,
        String name,
        String size,
        String max,
        String inUse) {
    /** The classes woven for it, for which {@link SlotHooks} then knows what to read. */
    public static final List<SlotLibrary> ALL = List.of(
            // HikariCP 2.6 to 6: state 1 is STATE_IN_USE
            new SlotLibrary(
                    "com.zaxxer.hikari.util.ConcurrentBag",
                    List.of("borrow(JLjava/util/concurrent/TimeUnit;)"),
                    List.of(
                            "requite(Lcom/zaxxer/hikari/util/ConcurrentBag$IConcurrentBagEntry;)",
                            "remove(Lcom/zaxxer/hikari/util/ConcurrentBag$IConcurrentBagEntry;)"),
                    "listener",
                    "listener.poolName",
                    "sharedList",
                    "listener.config.maxPoolSize|listener.config.maximumPoolSize",
                    "sharedList[state=1]"),
            // commons-pool 1 and with it commons-dbcp 1; the list of idle objects is the JDK's up to 1.3
            new SlotLibrary(
                    "org.apache.commons.pool.impl.GenericObjectPool",
                    List.of("borrowObject()"),
                    List.of("returnObject(Ljava/lang/Object;)", "invalidateObject(Ljava/lang/Object;)"),
                    "",
                    "",
                    "_numActive+_pool._size|_numActive+_pool",
                    "_maxActive",
                    "_numActive"),
            // commons-pool 2 and with it commons-dbcp 2 and Jedis
            new SlotLibrary(
                    "org.apache.commons.pool2.impl.GenericObjectPool",
                    List.of("borrowObject(Ljava/time/Duration;)", "borrowObject(J)"),
                    List.of("returnObject(Ljava/lang/Object;)", "invalidateObject(Ljava/lang/Object;)"),
                    "",
                    "",
                    "allObjects",
                    "maxTotal",
                    "allObjects-idleObjects.count"),
            new SlotLibrary(
                    "org.apache.tomcat.jdbc.pool.ConnectionPool",
                    List.of("borrowConnection(ILjava/lang/String;Ljava/lang/String;)"),
                    List.of(
                            "returnConnection(Lorg/apache/tomcat/jdbc/pool/PooledConnection;)",
                            "release(Lorg/apache/tomcat/jdbc/pool/PooledConnection;)"),
                    "",
                    "poolProperties.name|poolProperties.poolProperties.name",
                    "size",
                    "poolProperties.maxActive|poolProperties.poolProperties.maxActive",
                    "busy"),
            // checkoutResource() calls the one with the time-out
            new SlotLibrary(
                    "com.mchange.v2.resourcepool.BasicResourcePool",
                    List.of("checkoutResource(J)"),
                    List.of("checkinResource(Ljava/lang/Object;)", "markBroken(Ljava/lang/Object;)"),
                    "",
                    "",
                    "managed",
                    "max",
                    "managed-unused"),
            new SlotLibrary(
                    "com.alibaba.druid.pool.DruidDataSource",
                    List.of("getConnectionInternal(J)"),
                    List.of("recycle(Lcom/alibaba/druid/pool/DruidPooledConnection;)"),
                    "",
                    "name",
                    "activeCount+poolingCount",
                    "maxActive",
                    "activeCount"));

    /** Lends nothing: makes the hooks run once before an application's pool does. */
    private static final SlotLibrary REHEARSED = new SlotLibrary(
            "io.lockjam.boot.Rehearsal$Slots", List.of(), List.of(), "", "name", "size", "size", "lent-size+lent|lent");

    /** The library of a class of pools; null if it is of none. */
    static @Nullable SlotLibrary of(Class<?> pool) {
        for (Class<?> each = pool; each != null; each = each.getSuperclass()) {
            String name = each.getName();
            for (int i = 0; i < ALL.size(); i++) {
                if (ALL.get(i).type.equals(name)) {
                    return ALL.get(i);
                }
            }
            if (REHEARSED.type.equals(name)) {
                return REHEARSED;
            }
        }
        return null;
    }
}
