// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Stack;
import io.lockjam.window.PoolWindow;
import io.lockjam.window.Range;
import io.lockjam.window.Session;
import io.lockjam.window.ThreadWindow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Platform threads that were started and ended: those of one name group, or, where each has a name of its own, as of a request or a customer, those
 * that one line of the application starts.
 *
 * @param key the name group, or the line
 * @param names the name groups
 */
record ThreadStarts(String key, Set<String> names, int started, int ended, Stack origin) {
    /** So many names from one line are made up for each thread. */
    private static final int MANY_NAMES = 8;

    /** A name with a number in hexadecimal is now and then the same as another without its digits. */
    private static final int PER_NAME = 3;

    private static final int THIRDS = 3;

    static List<ThreadStarts> of(Situation all) {
        Map<String, List<ThreadStarts>> byLine = new LinkedHashMap<>();
        all.session().groups(all.range()).forEach((name, count) -> {
            if (!name.startsWith("virtual:")) {
                ThreadStarts group =
                        new ThreadStarts(name, Set.of(name), count.started(), count.ended(), count.origin());
                byLine.computeIfAbsent(group.line(), line -> new ArrayList<>()).add(group);
            }
        });
        List<ThreadStarts> groups = new ArrayList<>();
        byLine.forEach((line, named) -> {
            int started = named.stream().mapToInt(ThreadStarts::started).sum();
            boolean ownNames = !line.isEmpty() && named.size() >= MANY_NAMES && started < PER_NAME * named.size();
            groups.addAll(ownNames ? List.of(together(line, started, named)) : named);
        });
        return groups;
    }

    /** Empty if it is not known where they are started. */
    private String line() {
        return origin.own().map(Words::place).orElse("");
    }

    private static ThreadStarts together(String line, int started, List<ThreadStarts> named) {
        Set<String> names = new HashSet<>();
        named.forEach(each -> names.addAll(each.names));
        int ended = named.stream().mapToInt(ThreadStarts::ended).sum();
        return new ThreadStarts(line, names, started, ended, named.get(0).origin);
    }

    boolean isIn(String frame) {
        return origin.frames().stream()
                .anyMatch(
                        each -> frame.equals(each.className()) || frame.equals(each.className() + "." + each.method()));
    }

    double endedShare() {
        return (double) ended / Math.max(1, started);
    }

    /** Whether one was started then. */
    boolean startedIn(Range range, Situation all) {
        Map<String, Session.GroupCount> then = new HashMap<>(all.session().groups(range));
        then.keySet().retainAll(names);
        return then.values().stream().anyMatch(count -> count.started() > 0);
    }

    /** Whether some were started in each third of the time: one that fills up, or begins its work, starts them once. */
    boolean goOn(Situation all) {
        Range range = all.range();
        for (int i = 0; i < THIRDS; i++) {
            Range third = new Range(
                    range.from().plus(range.length().multipliedBy(i).dividedBy(THIRDS)),
                    range.from().plus(range.length().multipliedBy(i + 1L).dividedBy(THIRDS)));
            if (!startedIn(third, all)) {
                return false;
            }
        }
        return true;
    }

    List<ThreadWindow> threads(Situation all) {
        return all.threads().stream()
                .filter(thread -> names.contains(thread.group()))
                .toList();
    }

    List<PoolWindow> pools(Situation all) {
        return all.pools().stream()
                .filter(pool -> names.contains(PoolTrouble.group(pool)))
                .toList();
    }

    /** To follow a noun: {@code threads named mail-#}. */
    String named(Situation all) {
        if (names.size() == 1) {
            return "named " + all.groupName(key);
        }
        return "with names of their own"
                + threads(all).stream()
                        .findFirst()
                        .map(thread -> ", such as " + thread.thread().label() + ",")
                        .orElse("");
    }
}
