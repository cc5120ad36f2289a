// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import io.lockjam.model.ThreadRef;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What groups of threads are called: {@code http-nio-127.0.0.1-8080-exec-#}, where {@link ThreadRef#group} has
 * {@code http-nio-#.#.#.#-#-exec-#}. Numbers that all threads of a group share stay, the others become {@code #}.
 */
public final class GroupNames {
    private static final Pattern NUMBER = Pattern.compile("\\d+|#");
    private static final Pattern LAST_NUMBER = Pattern.compile("\\d+$");

    private final Map<String, String> names = new HashMap<>();

    public GroupNames(Collection<ThreadRef> threads) {
        for (ThreadRef thread : threads) {
            names.merge(thread.group(), thread.name(), GroupNames::common);
        }
    }

    /** The group itself if none of its threads is known; of a single thread the number at the end is taken for the one that varies. */
    public String of(String group) {
        String name = group.contains("#") ? names.getOrDefault(group, group) : group;
        return name.contains("#") || name.equals(group)
                ? name
                : LAST_NUMBER.matcher(name).replaceFirst("#");
    }

    /** Two names of one group differ in their numbers only. */
    private static String common(String one, String other) {
        if (one.equals(other)) {
            return one;
        }
        Matcher theirs = NUMBER.matcher(other);
        return NUMBER.matcher(one)
                .replaceAll(mine -> theirs.find() && theirs.group().equals(mine.group()) ? mine.group() : "#");
    }
}
