// SPDX-License-Identifier: Apache-2.0
package io.lockjam.race;

import io.lockjam.control.LoadedList.Loaded;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which classes get the next window: each in turn, the promising ones more often.
 *
 * <p>Stride scheduling (Waldspurger and Weihl, 1995): a class comes when the number of its looks times its stride is the
 * least. So nothing is left out for ever, and where threads meet is looked at again soon.
 */
final class Rotation {
    private final Nominator nominator;
    private final Map<String, Integer> looks = new HashMap<>();
    private final Set<String> useless = new HashSet<>();
    /** Who uses a class. Filled from other threads. */
    private final Map<String, Set<String>> users = new ConcurrentHashMap<>();

    Rotation(Nominator nominator) {
        this.nominator = nominator;
    }

    /** How promising a class is. */
    private enum Rank {
        OWN_MET(1),
        LIBRARY_MET(2),
        /** Kept or called by a class of the application in which threads meet: what they share, if not that class's own. */
        USED(3),
        OWN(4),
        /** In a package in which threads meet: what they share need not have methods that take long. */
        LIBRARY_NEAR(8);

        final int stride;

        Rank(int stride) {
            this.stride = stride;
        }
    }

    /** A class that can be looked at. */
    record Candidate(String name, boolean own, Rank rank) {}

    /**
     * What of the loaded classes is looked at: for auto the application's own, and libraries where its threads meet or that it uses there.
     *
     * @param most of them, the promising ones first
     */
    List<Candidate> plan(List<Loaded> loaded, boolean auto, int most) {
        Set<String> packages = new HashSet<>();
        for (Loaded each : loaded) {
            if (nominator.met(each.name())) {
                packages.add(packageOf(each.name()));
            }
        }
        List<Candidate> planned = new ArrayList<>();
        for (Loaded each : loaded) {
            boolean own = !auto || OwnCode.is(each);
            boolean usable = !useless.contains(each.name());
            boolean near = packages.contains(packageOf(each.name())) || isUsed(each.name());
            if (usable && (own || (OwnCode.isFile(each) && near))) {
                planned.add(new Candidate(each.name(), own, rank(each.name(), own)));
            }
        }
        return planned.stream()
                .sorted(Comparator.comparing(Candidate::rank))
                .limit(most)
                .toList();
    }

    List<String> next(List<Candidate> planned, int most) {
        Map<String, Double> ranks = new HashMap<>(); // they change while we sort
        planned.forEach(each -> ranks.put(each.name(), nominator.rank(each.name())));
        return planned.stream()
                .sorted(Comparator.comparingInt(this::pass)
                        .thenComparing(Comparator.comparing((Candidate each) -> ranks.getOrDefault(each.name(), 0.0))
                                .reversed())
                        .thenComparing(Candidate::name))
                .limit(most)
                .map(Candidate::name)
                .toList();
    }

    /**
     * Whether to go on with this window. Not if threads have met since it was planned and it has room for where they did:
     * the classes of a burst of work have to be looked at before it is over. A full one goes on if they meet in it, too.
     *
     * @param full whether it has room for no other class
     * @param met meetings when it was planned
     */
    boolean goesOn(List<String> window, boolean full, int met) {
        return nominator.meetings() == met || (full && window.stream().anyMatch(nominator::met));
    }

    /** From any thread. */
    void uses(String user, Set<String> used) {
        used.forEach(each -> users.computeIfAbsent(each, any -> ConcurrentHashMap.newKeySet())
                .add(user));
    }

    /** @param woven false if there is nothing to probe in it, or it cannot be done */
    void looked(String name, boolean woven) {
        looks.merge(name, 1, Integer::sum);
        if (!woven) {
            useless.add(name);
        }
    }

    private int pass(Candidate each) {
        return (looks.getOrDefault(each.name(), 0) + 1) * each.rank().stride;
    }

    private Rank rank(String name, boolean own) {
        if (nominator.met(name)) {
            return own ? Rank.OWN_MET : Rank.LIBRARY_MET;
        }
        if (isUsed(name)) {
            return Rank.USED;
        }
        return own ? Rank.OWN : Rank.LIBRARY_NEAR;
    }

    private boolean isUsed(String name) {
        return users.getOrDefault(name, Set.of()).stream().anyMatch(nominator::met);
    }

    private static String packageOf(String name) {
        return name.substring(0, name.lastIndexOf('.') + 1);
    }
}
