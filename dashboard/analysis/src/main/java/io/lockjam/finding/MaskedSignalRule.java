// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import io.lockjam.model.Unsignalled;
import io.lockjam.model.WaitKind;
import io.lockjam.window.Wait;
import io.lockjam.window.WaitQuery;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds waits with a time limit that only the limit ends, since whoever changes what the loop looks at wakes nobody: each change is seen late.
 *
 * <p>It takes a loop that does nothing but look and wait, since one that works each time may wait in order to do it so often. Where a thread was away for
 * a while after half of the waits it had something to do then, so time is lost; else nobody knows whether anything has changed at all.
 */
record MaskedSignalRule(int minWaits, Duration minLimit, Duration atWork) implements Rule<Situation> {
    /** A limit below a tenth of a second is a pause between looks. */
    static final MaskedSignalRule DEFAULT = new MaskedSignalRule(3, Duration.ofMillis(100), Duration.ofMillis(1));

    private static final int HISTORY = 20_000;

    @Override
    public Kind kind() {
        return Kind.LOST_WAKEUP;
    }

    @Override
    public Verdict check(Situation part, Situation all) {
        Map<String, List<Wait>> byPlace =
                all.session().waits(all.range(), WaitQuery.all(HISTORY).withoutHolders()).stream()
                        .filter(wait -> wait.kind() == WaitKind.OBJECT_WAIT || wait.kind() == WaitKind.CONDITION)
                        .filter(wait -> wait.ended() && wait.stack().site().isPresent())
                        .collect(Collectors.groupingBy(
                                wait -> wait.lockName() + " at "
                                        + wait.stack().site().orElseThrow(),
                                LinkedHashMap::new,
                                Collectors.toList()));
        List<Finding> found = new ArrayList<>();
        for (List<Wait> waits : byPlace.values()) {
            if (onlyLimits(waits)) {
                unsignalled(waits.get(0), all).ifPresent(change -> found.add(finding(waits, change, all)));
            }
        }
        return Verdict.of(found);
    }

    /** Waits are cut off where the range begins. */
    private boolean onlyLimits(List<Wait> waits) {
        long whole = waits.stream()
                .filter(wait -> wait.waited().compareTo(minLimit) >= 0)
                .count();
        return whole >= minWaits
                && whole * 10 >= waits.size() * 9L
                && waits.stream().noneMatch(Wait::granted);
    }

    private static Optional<Unsignalled> unsignalled(Wait wait, Situation all) {
        return all.session().code().onlyLooks(wait.stack())
                ? all.session().code().unsignalled(wait.stack(), wait.kind(), wait.lockName(), wait.lock())
                : Optional.empty();
    }

    /** After how many of the waits a thread was away for a while before it waited again. */
    private long left(List<Wait> waits) {
        Map<Long, Instant> ends = new LinkedHashMap<>();
        long left = 0;
        for (Wait wait :
                waits.stream().sorted(Comparator.comparing(Wait::start)).toList()) {
            Instant before = ends.put(wait.waiter().id(), wait.end());
            left += before != null && Duration.between(before, wait.start()).compareTo(atWork) >= 0 ? 1 : 0;
        }
        return left;
    }

    private Finding finding(List<Wait> waits, Unsignalled change, Situation all) {
        Wait wait = waits.get(0);
        Frame site = wait.stack().site().orElseThrow();
        Set<String> threads = new HashSet<>();
        waits.forEach(each -> threads.add(each.waiter().label()));
        double lost = waits.stream()
                        .mapToDouble(each -> each.waited().toNanos() / 1e9)
                        .sum()
                / all.seconds();
        boolean late = left(waits) * 2 >= waits.size();
        List<Place> where = new ArrayList<>();
        where.add(new Place("waiter", site, wait.stack()));
        where.add(new Place("changer", change.changed(), Stack.EMPTY));
        Map<String, Object> evidence = new LinkedHashMap<>();
        evidence.put("waits", waits.size());
        evidence.put("looksAt", change.looksAt());
        Details details = new Details(
                "late signal|" + wait.lockName() + "|" + change.looksAt(),
                all.range(),
                new Subject(
                        wait.kind() == WaitKind.OBJECT_WAIT ? "monitor" : "lock",
                        wait.lock().className(),
                        wait.lockName(),
                        wait.lock().identity(),
                        wait.lockId()),
                text(waits, change, site, late, List.copyOf(threads)),
                new Impact(late ? lost : 0, threads.size()),
                where,
                threads.stream().sorted().toList(),
                evidence,
                List.of());
        return new Finding.LateSignal(details, late ? Severity.WARNING : Severity.INFO);
    }

    private Text text(List<Wait> waits, Unsignalled change, Frame site, boolean late, List<String> threads) {
        boolean condition = waits.get(0).kind() == WaitKind.CONDITION;
        Duration limit = Objects.requireNonNull(
                waits.stream().map(Wait::waited).max(Comparator.naturalOrder()).orElse(Duration.ZERO));
        String name = Words.simple(waits.get(0).lockName()).replace(" (this)", "");
        String field = Words.simple(change.looksAt());
        String changer = Words.place(change.changed());
        return new Text(
                "%s %s %s late, by up to %s: nothing but the time limit ends the wait at %s."
                        .formatted(
                                Words.list(threads.stream().sorted().toList()),
                                threads.size() == 1 ? "sees changes of" : "see changes of",
                                field,
                                Words.time(limit),
                                Words.place(site)),
                "%s changes %s and wakes nobody who waits for %s; no other class of the application does.%s"
                        .formatted(
                                changer,
                                field,
                                name,
                                late ? " After most of the waits there was something to do." : ""),
                "All " + Words.count(waits.size(), "wait") + " there lasted to their limit"
                        + (late ? "." : "; whether anything had changed meanwhile is not known."),
                "Call %s on %s after the change at %s, under the same lock; the limit may stay."
                        .formatted(condition ? "signalAll" : "notifyAll", name, changer),
                "The waiter sees each change at once.",
                "Concluded from the waits and the code of the classes that lie beside " + Words.simple(site.className())
                        + ".",
                "At least " + minWaits + " waits of " + Words.time(minLimit)
                        + " and more, all ended by their limit; here " + waits.size() + ".");
    }
}
