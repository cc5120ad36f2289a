// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import io.lockjam.model.WaitKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Builds the {@link LockWindow}s of a range from its seconds, its kept waits and its last snapshot. */
final class LockRows {
    private final Memory memory;
    private final Range range;
    private final Map<String, LockSum> sums = new LinkedHashMap<>();
    private final Map<LockTable.Entry, LockSum> byEntry = new LinkedHashMap<>();

    LockRows(Memory memory, Range range) {
        this.memory = memory;
        this.range = range;
    }

    List<LockWindow> build() {
        addAll(kind -> !kind.isQueue());
        return windows(sum -> !sum.isIdle());
    }

    /** The waits to take from those queues at which takers end the waits of others, or at which somebody is held up. */
    List<LockWindow> takes() {
        addAll(kind -> kind == WaitKind.QUEUE_TAKE);
        for (Second second : memory.in(range)) {
            for (Second.QueueCell cell : second.queues) {
                LockTable.Entry take =
                        memory.locks.peek(WaitKind.QUEUE_TAKE, cell.fact().queue());
                if (take != null) {
                    sum(take).add(cell);
                }
            }
        }
        return windows(sum -> sum.isPassedOn() || sum.isHeldUp());
    }

    private void addAll(Predicate<WaitKind> kinds) {
        for (Second second : memory.in(range)) {
            second.locks.forEach((lock, cell) -> {
                if (kinds.test(lock.kind)) {
                    sum(lock).add(cell);
                }
            });
            for (Second.KeptWait wait : second.waits) {
                if (kinds.test(wait.lock.kind) && range.contains(wait.fact.at())) {
                    sum(wait.lock).add(wait);
                }
            }
        }
        addSampled();
        stillWaiting(kinds);
    }

    private void addSampled() {
        Set<LockSum> crowds =
                sums.values().stream().filter(LockSum::tellsNoWaits).collect(Collectors.toSet());
        if (crowds.isEmpty()) {
            return;
        }
        SampledWaits samples = new SampledWaits(memory, range);
        for (Second second : memory.in(range)) {
            for (Snapshot snapshot : second.snapshots) {
                for (int row = 0; row < snapshot.rows; row++) {
                    LockSum sum = SampledWaits.tells(snapshot, row) && range.contains(snapshot.at)
                            ? sums.get(memory.locks.row(snapshot.locks[row]))
                            : null;
                    if (sum != null && crowds.contains(sum)) {
                        sum.add(samples.of(snapshot, row, sum.mean()));
                    }
                }
            }
        }
    }

    private List<LockWindow> windows(Predicate<LockSum> wanted) {
        HolderFinder holders = new HolderFinder(memory, range);
        return sums.values().stream()
                .filter(wanted)
                .map(sum -> sum.window(memory.locks, range, holders))
                .sorted(Comparator.comparing(LockWindow::lostPerSecond).reversed())
                .toList();
    }

    /** Waits that had not ended at the last snapshot; those that ended after it are in the sums. */
    private void stillWaiting(Predicate<WaitKind> kinds) {
        Snapshot last = memory.snapshotAt(range.to());
        if (last == null || last.at.isBefore(range.from())) {
            return;
        }
        Map<Long, Instant> ended = endedAfter(last.at);
        for (int row = 0; row < last.rows; row++) {
            boolean crowd = last.weights[row] > 1; // of virtual threads: one of them may have gone on
            boolean counts = !last.idle[row]
                    && kinds.test(last.kind(row))
                    && (crowd || !ended.containsKey(last.waiters[row].id()));
            if (counts) {
                Duration soFar = Duration.ofNanos(last.soFarNanos[row]);
                Duration within = soFar.compareTo(range.length()) < 0 ? soFar : range.length();
                sum(last.locks[row]).waiting(last, row, within);
            }
        }
    }

    private Map<Long, Instant> endedAfter(Instant instant) {
        Map<Long, Instant> ended = new LinkedHashMap<>();
        if (instant.isBefore(range.to())) {
            for (Second second : memory.in(new Range(instant, range.to()))) {
                for (Second.KeptWait wait : second.waits) {
                    if (wait.fact.at().isAfter(instant)) {
                        ended.put(wait.fact.waiter().id(), wait.fact.at());
                    }
                }
            }
        }
        return ended;
    }

    private LockSum sum(LockTable.Entry entry) {
        LockSum known = byEntry.get(entry);
        if (known == null) {
            known = sums.computeIfAbsent(memory.locks.row(entry), row -> new LockSum(entry));
            known.include(entry);
            byEntry.put(entry, known);
        }
        return known;
    }

    /** The sum of each place, the longest first, with the stack of its longest wait. */
    static List<LockWindow.SiteShare> sites(List<Second.KeptWait> waits, Scale scale) {
        IdentityHashMap<Stack, Tally> byStack = new IdentityHashMap<>(); // interned: few, whereas waits are many
        Map<String, Tally> bySite = new LinkedHashMap<>();
        for (Second.KeptWait wait : waits) {
            byStack.computeIfAbsent(
                            wait.fact.stack(),
                            stack -> bySite.computeIfAbsent(line(stack.site()), site -> new Tally(wait)))
                    .add(wait);
        }
        return bySite.values().stream()
                .map(site -> site(site, scale))
                .sorted(Comparator.comparing(LockWindow.SiteShare::waited).reversed())
                .toList();
    }

    private static LockWindow.SiteShare site(Tally site, Scale scale) {
        Stack stack = site.longest().fact.stack();
        return new LockWindow.SiteShare(stack.site().orElse(null), stack, site.count(scale), site.waited(scale));
    }

    /** What people call a place: the instruction within the line tells nothing. */
    static String line(Optional<Frame> frame) {
        return frame.map(at -> at.className() + "." + at.method() + ":" + at.line())
                .orElse("");
    }

    static List<LockWindow.Part> parts(
            List<Second.KeptWait> waits, Scale scale, Function<Second.KeptWait, @Nullable ThreadRef> who) {
        Map<Long, Tally> byThread = new LinkedHashMap<>();
        for (Second.KeptWait wait : waits) {
            ThreadRef thread = who.apply(wait);
            if (thread != null) {
                byThread.computeIfAbsent(thread.id(), id -> new Tally(wait)).add(wait);
            }
        }
        List<LockWindow.Part> parts = new ArrayList<>();
        for (Tally each : byThread.values()) {
            ThreadRef thread = who.apply(each.last()); // by its latest name
            if (thread != null) {
                parts.add(new LockWindow.Part(thread, each.count(scale), each.waited(scale)));
            }
        }
        parts.sort(Comparator.comparing(LockWindow.Part::waited).reversed());
        return parts;
    }
}
