// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Findings over the life of a session: since when, how often, gone, muted. Safe for threads. */
public final class LiveFindings {
    /** A finding that blinks with each second is one finding. */
    private static final Duration CLOSES_AFTER = Duration.ofSeconds(5);

    /** Where checks are farther apart than that, one without it does not end it. */
    private static final int CHECKS_WITHOUT = 2;

    private static final int REMEMBERED = 500;

    private static final int IN_A_ROW = 3;

    private final Map<String, Tracked> tracked = new LinkedHashMap<>();
    private final Set<String> muted = new HashSet<>();

    /** Checks in a row at which a judgement was found beside another one that stood and was not. */
    private final Map<String, Integer> waiting = new HashMap<>();

    /** Of open findings, checks in a row that did not find them. */
    private final Map<String, Integer> missed = new HashMap<>();

    /**
     * One finding as it stands.
     *
     * @param finding as last found
     * @param times how often it has come up again after it was gone, counting from 1
     * @param open false once it has not been found for five seconds and two checks
     */
    public record Tracked(
            Finding finding, Instant firstSeen, Instant lastSeen, int times, boolean open, boolean muted) {
        public String id() {
            return finding.id();
        }

        private Tracked closed() {
            return new Tracked(finding, firstSeen, lastSeen, times, false, muted);
        }
    }

    /** Takes over the latest check; the end of its range is the time. */
    public synchronized void update(Findings latest) {
        Instant now = latest.range().to();
        Set<String> ids = latest.found().stream().map(Finding::id).collect(Collectors.toSet());
        waiting.keySet().retainAll(ids);
        for (Finding finding : latest.found()) {
            Tracked known = tracked.get(finding.id());
            if ((known == null || !known.open()) && saysOther(finding, ids, now)) {
                continue;
            }
            boolean quiet = muted.contains(finding.id());
            if (known == null) {
                makeRoom();
                tracked.put(finding.id(), new Tracked(finding, now, now, 1, true, quiet));
            } else {
                int times = known.open() ? known.times() : known.times() + 1;
                tracked.put(finding.id(), new Tracked(finding, known.firstSeen(), now, times, true, quiet));
            }
        }
        tracked.replaceAll((id, each) -> each.open() && isGone(each, now) ? each.closed() : each);
        missed.keySet().removeIf(id -> !tracked.containsKey(id));
    }

    private boolean isGone(Tracked each, Instant now) {
        int checks = each.lastSeen().equals(now) ? 0 : missed.getOrDefault(each.id(), 0) + 1;
        missed.put(each.id(), checks);
        return checks >= CHECKS_WITHOUT
                && Duration.between(each.lastSeen(), now).compareTo(CLOSES_AFTER) > 0;
    }

    /**
     * Whether what was said a moment ago of the same lock, pool or queue still stands: two judgements of one thing that take turns are not
     * both shown. A worse one takes its place, and one that is found a few times in a row.
     */
    private boolean saysOther(Finding finding, Set<String> ids, Instant now) {
        String about = finding.subject().windowId();
        if (about.isEmpty()) {
            return false;
        }
        List<Tracked> others = tracked.values().stream()
                .filter(each -> each.open()
                        && !ids.contains(each.id())
                        && each.finding().subject().windowId().equals(about))
                .toList();
        boolean takesOver = others.stream()
                .allMatch(each -> each.finding().severity().compareTo(finding.severity()) < 0
                        || Duration.between(each.lastSeen(), now).compareTo(CLOSES_AFTER) > 0);
        if (takesOver || waiting.merge(finding.id(), 1, Integer::sum) >= IN_A_ROW) {
            others.forEach(each -> tracked.put(each.id(), each.closed()));
            return false;
        }
        return true;
    }

    /** Open ones that are not muted, worst first. */
    public synchronized List<Tracked> open() {
        return all().stream().filter(each -> each.open() && !each.muted()).toList();
    }

    /** All that were seen and are still remembered, open ones first, then worst first. */
    public synchronized List<Tracked> all() {
        return tracked.values().stream()
                .sorted(Comparator.comparing(Tracked::open)
                        .thenComparing(each -> each.finding().severity())
                        .thenComparing(each -> each.finding().impact().threadSecondsPerSecond())
                        .reversed())
                .toList();
    }

    public synchronized Optional<Tracked> byId(String id) {
        return Optional.ofNullable(tracked.get(id));
    }

    /** Whether a finding of this id is known; it stays muted when it comes again. */
    public synchronized boolean mute(String id, boolean quiet) {
        Tracked known = tracked.get(id);
        if (known == null) {
            return false;
        }
        if (quiet) {
            muted.add(id);
        } else {
            muted.remove(id);
        }
        tracked.put(
                id,
                new Tracked(known.finding(), known.firstSeen(), known.lastSeen(), known.times(), known.open(), quiet));
        return true;
    }

    private void makeRoom() {
        if (tracked.size() >= REMEMBERED) {
            String victim = tracked.values().stream()
                    .min(Comparator.comparing(Tracked::open).thenComparing(Tracked::lastSeen))
                    .map(Tracked::id)
                    .orElse("");
            tracked.remove(victim);
        }
    }
}
