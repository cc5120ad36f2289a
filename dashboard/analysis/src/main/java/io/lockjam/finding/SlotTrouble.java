// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.window.PoolWindow;
import java.util.Locale;
import java.util.Map;

/** What the rules on pools of slots share: words for what is lent, and how its library is told how many to have. */
final class SlotTrouble {
    private static final Map<String, String> SETTINGS = Map.of(
            "com.zaxxer.hikari", "maximumPoolSize",
            "org.apache.commons.pool.", "maxActive",
            "org.apache.commons.pool2.", "maxTotal",
            "org.apache.tomcat.jdbc", "maxActive",
            "com.mchange", "maxPoolSize",
            "com.alibaba.druid", "maxActive");

    private SlotTrouble() {}

    static boolean lends(PoolWindow pool) {
        return pool.type().equals("slots");
    }

    /** The most slots there may be; those there are if it has no bound. */
    static int most(PoolWindow pool) {
        return pool.maxSize() > 0 ? pool.maxSize() : pool.size();
    }

    static double utilisation(PoolWindow pool) {
        return most(pool) <= 0 ? 0 : Math.min(1, pool.busyMean() / most(pool));
    }

    static String noun(PoolWindow pool) {
        String type = pool.className().toLowerCase(Locale.ROOT);
        boolean connections =
                type.contains("hikari") || type.contains("jdbc") || type.contains("mchange") || type.contains("druid");
        return connections ? "connection" : "slot";
    }

    static String setting(PoolWindow pool, int slots) {
        String name = SETTINGS.entrySet().stream()
                .filter(each -> pool.className().startsWith(each.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("the maximum");
        return name + " to " + slots;
    }

    static String atBorrower(PoolTrouble trouble) {
        return trouble.submitter()
                .map(frame -> " (borrowed at " + Words.place(frame) + ")")
                .orElse("");
    }
}
