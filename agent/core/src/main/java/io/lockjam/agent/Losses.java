// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Decides whether hooks that another agent has removed are put in again: not for ever, or two agents would retransform a
 * class by turns.
 */
final class Losses {
    /** Times that a class is woven again, unless its hooks then stayed for {@link #CALM}. */
    static final int MOST = 3;

    /** From then on a loss is a new one: the other agent has changed its mind, not fought back. */
    private static final long CALM = TimeUnit.MINUTES.toNanos(1);

    private final Map<Class<?>, Count> counts = new WeakHashMap<>();

    private record Count(int times, long last) {}

    /**
     * A class without its hooks.
     *
     * @param worthMending false if they have been put in again too often
     */
    record Loss(Class<?> type, boolean worthMending) {}

    List<Loss> of(List<Class<?>> lost, long now) {
        List<Loss> losses = new ArrayList<>();
        for (Class<?> type : lost) {
            Count before = counts.getOrDefault(type, new Count(0, now));
            int times = now - before.last() > CALM ? 1 : before.times() + 1;
            counts.put(type, new Count(times, now));
            losses.add(new Loss(type, times <= MOST));
        }
        return losses;
    }

    /** Sentences for a person; empty if nothing was lost. */
    static List<String> sentences(List<Loss> losses, List<String> wovenNow) {
        List<String> sentences = new ArrayList<>();
        String back = names(losses, wovenNow, true);
        if (!back.isEmpty()) {
            sentences.add("another agent removed the hooks from " + back + "; they were put in again");
        }
        String gone = names(losses, wovenNow, false);
        if (!gone.isEmpty()) {
            sentences.add("another agent removes the hooks from " + gone + "; what happens there is no longer seen");
        }
        return sentences;
    }

    private static String names(List<Loss> losses, List<String> wovenNow, boolean woven) {
        return losses.stream()
                .map(loss -> loss.type().getName())
                .filter(name -> wovenNow.contains(name.replace('.', '/')) == woven)
                .distinct()
                .collect(Collectors.joining(", "));
    }
}
