// SPDX-License-Identifier: Apache-2.0
package io.lockjam.source;

import io.lockjam.model.Fact;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What Linux says of the target's threads, once a second: time on a core, in the run queue, switches, throttling.
 *
 * <p>Switches are read for the threads that ran in most slices, and told only where the reading before had them, too. What
 * cannot be read is left out and told as a {@link Fact.Gap}, once for each reason.
 */
public final class ProcSource implements AutoCloseable {
    /** Threads whose {@code status} is read: 25 µs each, so 0.2 % of a core. */
    private static final int SWITCHES_READ = 64;

    /** Files kept open at most: half of the usual hard limit of 16,384 and more than the 5,000 threads we promise. */
    private static final int MOST_OPEN = 8192;

    /** Fields of {@code stat}, counted from behind the command's name. */
    private static final int STATE = 0;

    private static final int START_TIME = 19;

    /** By a signal, and by a debugger. */
    private static final Set<String> STOPPED = Set.of("T", "t");

    private final Path proc;
    private final long pid;
    private final Map<Long, ThreadClock> clocks = new HashMap<>();
    private final Set<String> told = new HashSet<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(128);
    private final CountDownLatch closed = new CountDownLatch(1);
    private Set<ThreadClock> switchesRead = new HashSet<>();
    private @Nullable String startTime;
    private @Nullable Cgroup cgroup;
    private long throttled = -1;
    private final Children children;
    private long sampledAt;
    private long links = -1;
    private long stoppedAt; // by System.nanoTime; 0 while it runs
    private boolean ended;

    ProcSource(Path proc, long pid) {
        this.proc = proc;
        this.pid = pid;
        children = new Children(proc, pid);
    }

    /** Samples once a second on a daemon thread, until closed or until the target is gone. */
    public static ProcSource start(long pid, Consumer<Fact> facts) {
        ProcSource source = new ProcSource(Path.of("/proc"), pid);
        Thread thread = new Thread(() -> source.run(facts), "Lockjam Proc");
        thread.setDaemon(true);
        thread.start();
        return source;
    }

    @Override
    public void close() {
        closed.countDown();
    }

    /** True once the process has ended or its number has gone to another one. */
    boolean ended() {
        return ended;
    }

    private void run(Consumer<Fact> facts) {
        try {
            do {
                sample(Instant.now(), System.nanoTime()).forEach(facts);
            } while (!ended && !closed.await(1, TimeUnit.SECONDS));
        } catch (InterruptedException cut) {
            Thread.currentThread().interrupt();
        } finally {
            clocks.values().forEach(ProcSource::quietly);
        }
    }

    /**
     * One sample: what changed since the last one.
     *
     * @param nanoTime of {@link System#nanoTime}: the clock on the wall may jump
     */
    List<Fact> sample(Instant at, long nanoTime) {
        List<Fact> facts = new ArrayList<>();
        String[] stat = stat();
        if (!same(stat, at, facts)) {
            return facts;
        }
        boolean first = sampledAt == 0;
        Duration interval = Duration.ofNanos(first ? 0 : nanoTime - sampledAt);
        stopped(stat[STATE], at, nanoTime, interval, facts);
        sampledAt = nanoTime;
        children.look(at, facts);
        List<Fact.OsThread> rows = rows(first, at, facts);
        long before = throttled;
        Cgroup own = cgroup;
        throttled = own == null ? -1 : own.throttledNanos();
        if (!first) {
            long grown = before < 0 || throttled < before ? -1 : throttled - before;
            facts.add(new Fact.OsUsage(at, interval, rows, grown, own == null ? -1 : own.quotaCores()));
        }
        return facts;
    }

    /** Whether it is still the process that it was at the first sample: a number is used again, its start time is not. */
    private boolean same(String[] stat, Instant at, List<Fact> facts) {
        String now = stat.length > START_TIME ? stat[START_TIME] : null;
        if (startTime == null && now != null) {
            startTime = now;
            cgroup = Cgroup.of(proc, pid);
            if (cgroup == null) {
                gap(at, "throttling is not known: the target's cgroup cannot be read", facts);
            }
        }
        if (now == null && startTime == null) {
            gap(at, "run-queue times and switches are not known: /proc/" + pid + " cannot be read", facts);
        }
        ended = startTime != null && !startTime.equals(now);
        return now != null && !ended;
    }

    /** Tells of a stop when it is over. It began and ended somewhere between two looks: half a look is taken off, on both sides. */
    private void stopped(String state, Instant at, long nanoTime, Duration interval, List<Fact> facts) {
        boolean stands = STOPPED.contains(state);
        if (stands && stoppedAt == 0) {
            stoppedAt = nanoTime - interval.toNanos() / 2;
        } else if (!stands && stoppedAt != 0) {
            Duration half = interval.dividedBy(2);
            Duration took = Duration.ofNanos(nanoTime - stoppedAt).minus(half);
            facts.add(new Fact.Pause(at.minus(half), took, "process stopped by a signal or a debugger"));
            stoppedAt = 0;
        }
    }

    /** The fields of {@code stat} behind the command's name, which may contain blanks; none if it cannot be read. */
    private String[] stat() {
        try {
            String stat = Files.readString(proc.resolve(pid + "/stat"));
            return stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        } catch (IOException | RuntimeException gone) {
            return new String[0];
        }
    }

    private List<Fact.OsThread> rows(boolean first, Instant at, List<Fact> facts) {
        list(at, facts);
        Map<ThreadClock, Fact.OsThread> rows = new HashMap<>();
        for (ThreadClock clock : List.copyOf(clocks.values())) {
            long ran = clock.ran;
            long queued = clock.queued;
            try {
                clock.read(buffer);
                // the kernel's counters only grow; a reading that does not is damaged
                boolean right = clock.ran >= ran && clock.queued >= queued;
                if (right && !first) {
                    long switches = clock.slices == clock.slicesBefore ? 0 : -1; // each slice ends with one
                    rows.put(
                            clock,
                            new Fact.OsThread(clock.osId, clock.ran - ran, clock.queued - queued, switches, switches));
                }
            } catch (IOException ended) {
                clocks.values().remove(clock);
                quietly(clock);
                links = -1; // the list has changed
            }
        }
        switches(rows);
        return List.copyOf(rows.values());
    }

    /** Looks for new threads when the number of threads changed or one ended: a folder has two links and one for each below. */
    private void list(Instant at, List<Fact> facts) {
        Path tasks = proc.resolve(pid + "/task");
        try {
            long now = ((Number) Files.getAttribute(tasks, "unix:nlink")).longValue();
            if (now == links && now > 2) {
                return;
            }
            links = now;
        } catch (IOException | RuntimeException unknown) {
            links = -1; // then look each time
        }
        String[] names = tasks.toFile().list();
        if (names == null) {
            gap(at, "run-queue times and switches are not known: " + tasks + " cannot be listed", facts);
            return;
        }
        for (String name : names) {
            long tid = Long.parseLong(name);
            if (!clocks.containsKey(tid)) {
                add(tid, tasks.resolve(name), at, facts);
            }
        }
    }

    private void add(long tid, Path folder, Instant at, List<Fact> facts) {
        if (!Files.isReadable(folder.resolve("schedstat"))) {
            if (Files.exists(folder)) {
                gap(at, "run-queue times are not known: schedstat is missing or may not be read", facts);
            }
            return;
        }
        try {
            long ownId = Status.of(folder).innermostId(tid);
            clocks.put(tid, new ThreadClock(folder, ownId, clocks.size() < MOST_OPEN));
        } catch (IOException ended) {
            links = -1; // it lived for less than our look
        }
    }

    private void switches(Map<ThreadClock, Fact.OsThread> rows) {
        Set<ThreadClock> reading = new HashSet<>();
        busiest(rows.keySet()).forEach(reading::add);
        Set<ThreadClock> all = new HashSet<>(reading);
        all.addAll(switchesRead);
        for (ThreadClock clock : all) {
            Fact.OsThread row = rows.get(clock);
            if (row == null) {
                continue;
            }
            try {
                Status status = Status.of(clock.folder);
                if (switchesRead.contains(clock) && clock.voluntary >= 0) {
                    rows.put(
                            clock,
                            with(row, status.voluntary() - clock.voluntary, status.involuntary() - clock.involuntary));
                }
                clock.voluntary = status.voluntary();
                clock.involuntary = status.involuntary();
            } catch (IOException ended) {
                reading.remove(clock);
            }
        }
        switchesRead = reading;
    }

    private static Fact.OsThread with(Fact.OsThread row, long voluntary, long involuntary) {
        return voluntary < 0 || involuntary < 0
                ? row
                : new Fact.OsThread(row.osId(), row.ranNanos(), row.runQueueNanos(), voluntary, involuntary);
    }

    private static Stream<ThreadClock> busiest(Set<ThreadClock> clocks) {
        return clocks.stream()
                .filter(clock -> clock.slices > clock.slicesBefore)
                .sorted(Comparator.comparingLong((ThreadClock clock) -> clock.slicesBefore - clock.slices))
                .limit(SWITCHES_READ);
    }

    private void gap(Instant at, String reason, List<Fact> facts) {
        if (told.add(reason)) {
            facts.add(new Fact.Gap(at, Duration.ZERO, reason, -1));
        }
    }

    private static void quietly(ThreadClock clock) {
        try {
            clock.close();
        } catch (IOException ignored) {
            // nothing was written
        }
    }

    /** Lines of a thread's {@code status}; -1 where one is missing. */
    private record Status(long voluntary, long involuntary, String ids) {
        static Status of(Path folder) throws IOException {
            long voluntary = -1;
            long involuntary = -1;
            String ids = "";
            for (String line : Files.readString(folder.resolve("status")).split("\n")) {
                if (line.startsWith("voluntary_ctxt_switches:")) {
                    voluntary = number(line);
                } else if (line.startsWith("nonvoluntary_ctxt_switches:")) {
                    involuntary = number(line);
                } else if (line.startsWith("NSpid:")) {
                    ids = line.substring(6).trim();
                }
            }
            return new Status(voluntary, involuntary, ids);
        }

        /** In a container the thread has another number than here; the last one is the innermost. */
        long innermostId(long tid) {
            return ids.isEmpty() ? tid : number(":" + ids.substring(ids.lastIndexOf('\t') + 1));
        }

        private static long number(String line) {
            try {
                return Long.parseLong(line.substring(line.indexOf(':') + 1).trim());
            } catch (NumberFormatException damaged) {
                return -1;
            }
        }
    }
}
