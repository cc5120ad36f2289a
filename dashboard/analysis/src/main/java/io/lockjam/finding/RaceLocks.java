// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Fact;
import java.util.List;
import java.util.stream.Stream;

/** The words for the locks that the two sides of a race hold: whoever reads the code sees them locked, and asks why that is not enough. */
final class RaceLocks {
    /** Its lock is taken by the call itself. */
    private static final String WRAPPER = "java.util.Collections$Synchronized";

    private static final String APART = "They hold no lock in common";

    private static final int MOST = 2;

    private RaceLocks() {}

    /** One sentence. */
    static String words(Fact.RaceSeen race) {
        List<String> first = race.first().locks();
        List<String> second = race.second().locks();
        if (first.isEmpty() && second.isEmpty()) {
            return "Neither holds a lock that we know of.";
        }
        if (RaceCure.shareReadLock(race)) {
            return "Both hold the same read lock.";
        }
        boolean unclear = Stream.concat(first.stream(), second.stream()).anyMatch(lock -> lock.startsWith(WRAPPER))
                || first.stream().anyMatch(second::contains);
        if (unclear) {
            return APART + ".";
        }
        if (first.size() == 1 && second.size() == 1 && type(first.get(0)).equals(type(second.get(0)))) {
            return APART + ": each holds a lock of class " + type(first.get(0)) + ", but not the same one.";
        }
        return APART + ": " + race.first().thread().label() + " holds " + list(first) + ", "
                + race.second().thread().label() + " " + list(second) + ".";
    }

    private static String list(List<String> locks) {
        if (locks.isEmpty()) {
            return "none that we know of";
        }
        List<String> types = locks.stream().map(RaceLocks::type).distinct().toList();
        return types.size() > MOST
                ? Words.list(types.subList(0, MOST)) + " and " + (types.size() - MOST) + " more"
                : Words.list(types);
    }

    /** {@code ReentrantLock}, {@code Account}, {@code Account.class}. */
    private static String type(String lock) {
        int at = lock.lastIndexOf('@');
        String type = at < 0 ? lock : lock.substring(0, at);
        return type.contains("$ReadLock") ? "a read lock" : Words.simple(type);
    }
}
