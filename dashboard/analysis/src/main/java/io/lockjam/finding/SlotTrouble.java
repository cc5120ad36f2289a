// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Fact;
import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import io.lockjam.window.PoolWindow;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What the rules on pools of slots share: words for what is lent, and how its library is told how many to have. */
final class SlotTrouble {
    private static final Map<String, String> SETTINGS = Map.of(
            "com.zaxxer.hikari", "maximumPoolSize",
            "org.apache.commons.pool.", "maxActive",
            "org.apache.commons.pool2.", "maxTotal",
            "org.apache.tomcat.jdbc", "maxActive",
            "com.mchange", "maxPoolSize",
            "com.alibaba.druid", "maxActive",
            "redis.clients.jedis", "maxTotal");

    private static final Pattern CONNECTIONS = Pattern.compile("(?i)hikari|jdbc|mchange|druid|jedis");

    /** Nothing that is given back in the ordinary course is out for so long. */
    private static final Duration LONG = Duration.ofSeconds(2);

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

    /** What the pool is asked to do. */
    static String work(PoolWindow pool) {
        return lends(pool) ? "use" : "task";
    }

    static String noun(PoolWindow pool) {
        if (!lends(pool)) {
            return PoolSettings.noun(pool);
        }
        boolean connections = CONNECTIONS.matcher(pool.className()).find();
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

    /** HikariCP's own executor: it refuses requests for connections that are under way already. */
    static boolean dropsByDesign(PoolWindow pool) {
        return pool.name().endsWith("connection adder") || pool.name().endsWith("connection-adder");
    }

    static String atBorrower(PoolTrouble trouble) {
        return trouble.pool.submitters().stream()
                .flatMap(each -> borrower(trouble.pool, each.stack()).stream())
                .findFirst()
                .map(frame -> " (borrowed at " + Words.place(frame) + ")")
                .orElse("");
    }

    /** The innermost frame outside the library: the application's own, if there is one. */
    static Optional<Frame> borrower(PoolWindow pool, Stack stack) {
        List<Frame> outside = stack.frames().stream()
                .filter(frame -> !frame.className().startsWith(library(pool))
                        && !frame.className().startsWith("java.")
                        && !frame.className().startsWith("io.lockjam.boot."))
                .toList();
        return outside.stream()
                .filter(Frame::isOwn)
                .findFirst()
                .or(() -> outside.stream().findFirst());
    }

    /** Whether a stack is in the library of a pool that lends slots. */
    static boolean inLender(Stack stack, Situation all) {
        return all.pools().stream()
                .filter(SlotTrouble::lends)
                .map(SlotTrouble::library)
                .anyMatch(library -> stack.frames().stream()
                        .anyMatch(frame -> frame.className().startsWith(library)));
    }

    private static String library(PoolWindow pool) {
        String[] parts = pool.className().split("\\.", 4);
        return parts.length < 4 ? "?" : parts[0] + "." + parts[1] + "." + parts[2] + ".";
    }

    /** Whether a stack has the class in which a borrower of the pool was seen. */
    static boolean isInside(PoolWindow pool, Stack stack) {
        Set<String> classes = pool.submitters().stream()
                .flatMap(each -> each.stack().frames().stream()
                        .filter(frame -> !frame.isJdk())
                        .limit(1))
                .map(Frame::className)
                .collect(Collectors.toSet());
        return stack.frames().stream().anyMatch(frame -> classes.contains(frame.className()));
    }

    /** Who has had a slot longest, since when and from where; empty if that is not long. */
    static String heldLongest(PoolWindow pool) {
        Fact.SlotUse longest = pool.longest();
        if (longest == null || longest.held().compareTo(LONG) < 0) {
            return "";
        }
        return " %s has had a %s for %s%s."
                .formatted(
                        longest.holder(),
                        noun(pool),
                        Words.time(longest.held()),
                        borrower(pool, longest.stack())
                                .map(frame -> ", taken at " + Words.place(frame))
                                .orElse(""));
    }
}
