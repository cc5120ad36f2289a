// SPDX-License-Identifier: Apache-2.0
package io.lockjam.cli;

import io.lockjam.attach.AttachException;
import io.lockjam.attach.AttachListener;
import io.lockjam.attach.AttachOptions;
import io.lockjam.attach.Attachment;
import io.lockjam.attach.Depth;
import io.lockjam.attach.Target;
import io.lockjam.control.FactRow;
import io.lockjam.finding.Findings;
import io.lockjam.finding.Kind;
import io.lockjam.finding.LiveFindings;
import io.lockjam.finding.Verdict;
import io.lockjam.model.Fact;
import io.lockjam.race.Nominator;
import io.lockjam.race.Patterns;
import io.lockjam.race.RaceLook;
import io.lockjam.race.RaceState;
import io.lockjam.race.RacesMode;
import io.lockjam.race.StandingWatch;
import io.lockjam.report.Report;
import io.lockjam.source.LiveSource;
import io.lockjam.source.ProcSource;
import io.lockjam.web.RaceSearch;
import io.lockjam.web.SessionReadings;
import io.lockjam.web.Watched;
import io.lockjam.window.Limits;
import io.lockjam.window.Range;
import io.lockjam.window.Session;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A live target and all that reads from it: the one place where attachment, sources, session and findings meet. */
final class Live implements AutoCloseable, AttachListener {
    /** A finding shows within this time and closes soon after its cause is gone. */
    private static final Duration LOOK_BACK = Duration.ofSeconds(10);

    private static final long CHECK_MILLIS = 1_000;
    /** Longest time between two checks: less than after which a finding counts as gone. */
    private static final long RARE_CHECK_MILLIS = 3_000;

    /** A check may take this part of the time between two: 1 % of a core. */
    private static final long CHECK_SHARE = 100;
    /** JFR hands over once a second; twice that and the last second is in. */

    /** Waits a second that JFR may report before short ones are left out: half a percent of a core. */
    private static final int MONITOR_WAITS = 1_000;

    private static final int DEEP_MONITOR_WAITS = 5_000;

    private final Target target;
    private final Console console;
    private final Stop stop;
    private final Attachment attachment;
    private final LockNames names;
    private final Session session;
    private final LiveFindings findings = new LiveFindings();
    private final Watched watched;
    private final MonitorRate monitors;
    private final Thread checker = new Thread(this::check, "lockjam-findings");
    private final Nominator nominator = new Nominator();
    private volatile @Nullable RaceLook races;
    private @Nullable LiveSource source;
    private @Nullable ProcSource os;
    private final QueueWatch queues;
    private final ReadingLag lag;
    private volatile boolean closed;
    private int stages;

    private Live(Target target, AttachOptions options, Console console, Stop stop) throws AttachException {
        this.target = target;
        this.console = console;
        this.stop = stop;
        stage(Stage.WAY_IN);
        attachment = Attachment.reach(target, options, this);
        queues = new QueueWatch(attachment, options.depth() == Depth.DEEP, console);
        monitors = new MonitorRate(options.depth() == Depth.DEEP ? DEEP_MONITOR_WAITS : MONITOR_WAITS);
        names = new LockNames(attachment, this::isProbed);
        session = new Session(names, Limits.DEFAULT);
        session.describe(new io.lockjam.window.Target(
                target.pid(),
                target.jvm().mainClass(),
                target.jvm().jdk(),
                Runtime.getRuntime().availableProcessors(),
                Instant.now().minus(target.jvm().uptime())));
        lag = new ReadingLag(session, target, stop, this::warn);
        watched = new Watched(
                Long.toString(target.pid()),
                target.label(),
                Watched.State.LIVE,
                new SessionReadings(session, findings));
        watched.sources(names.sources());
        watched.races(() -> races().map(Live::raceSearch).orElse(RaceSearch.OFF));
    }

    private static RaceSearch raceSearch(RaceState state) {
        return new RaceSearch(
                state.says(),
                state.armed(),
                state.planned(),
                state.probed(),
                state.windows(),
                state.traps(),
                state.hits(),
                state.failed(),
                state.failures(),
                state.notObservable());
    }

    /** Opens the way into the target, see {@link Attachment#reach}; close it whatever comes after. */
    static Live reach(Target target, AttachOptions options, Console console, Stop stop) throws AttachException {
        try {
            return new Live(target, options, console, stop);
        } catch (AttachException refused) {
            console.makeWay();
            throw refused;
        }
    }

    /** Brings the agent in and begins to read. */
    void install() throws AttachException {
        try {
            attachment.install();
        } catch (AttachException failed) {
            console.makeWay();
            throw failed;
        }
        Instant since = Instant.now();
        attachment.repository().ifPresent(repository -> tail(repository, since));
        tellAgain();
        os = ProcSource.start(target.pid(), this::fromSystem);
        checker.setDaemon(true);
        checker.start();
        queues.start();
        console.step(
                "Attached to " + target.label() + " in " + attachment.took().toMillis() + " ms.");
    }

    /** Between the agent's first snapshot and the first instant that is read, seconds can lie on a busy machine. */
    private void tellAgain() {
        try {
            attachment.tellAgain();
        } catch (IOException gone) {
            console.detail("The agent could not be asked to tell again: " + gone.getMessage());
        }
    }

    /** Looks for data races in the application's code, as {@code --races} says; nothing if it is empty. */
    void watchRaces(Optional<Patterns> patterns) {
        watchRaces(patterns, RacesMode.CAUGHT);
    }

    void watchRaces(Optional<Patterns> patterns, RacesMode mode) {
        if (patterns.isPresent()) {
            lookTwice();
        }
        races = patterns.map(wanted -> look(wanted, mode)).orElse(null);
    }

    private RaceLook look(Patterns wanted, RacesMode mode) {
        return switch (mode) {
            case CAUGHT -> RaceLook.start(attachment.races(), wanted, nominator, target.pid());
            case PREDICTED -> StandingWatch.predict(attachment.races(), wanted);
        };
    }

    private boolean isProbed(String className) {
        RaceLook watch = races;
        return watch != null && watch.hasProbed(className);
    }

    /** A method that runs while its class is redefined loses its line numbers, so the stacks of who stands still are taken before. */
    private void lookTwice() {
        try {
            attachment.snapshot();
            attachment.snapshot();
        } catch (IOException gone) {
            console.detail("No snapshot before the search for races: " + gone.getMessage());
        }
    }

    /** What the search for races has done so far; empty if it is off. */
    Optional<RaceState> races() {
        return Optional.ofNullable(races).map(RaceLook::state);
    }

    /** Ends the search for races, so that its last window counts, and says what it has done; empty if it is off. */
    Optional<RaceState> endRaces() {
        RaceLook look = races;
        if (look == null) {
            return Optional.empty();
        }
        String plan = look.state().says();
        look.close();
        return Optional.of(look.state().says(plan));
    }

    /** The longest time for which all threads stood still while the JVM exchanged classes; empty if no such time was recorded. */
    Optional<Duration> longestExchange() {
        return session.pauses(session.kept()).stream()
                .filter(Fact.Pause::exchangesClasses)
                .map(Fact.Pause::took)
                .max(Comparator.naturalOrder());
    }

    Watched watched() {
        return watched;
    }

    Session session() {
        return session;
    }

    Attachment attachment() {
        return attachment;
    }

    LiveFindings findings() {
        return findings;
    }

    /** See {@link ReadingLag#awaitFirst}. */
    boolean awaitFacts() throws InterruptedException {
        return lag.awaitFirst();
    }

    /** See {@link ReadingLag#settle}. */
    void settle() throws InterruptedException {
        lag.settle();
    }

    /** What was seen since the beginning. */
    Report report() throws InterruptedException {
        settle();
        List<Verdict.NotEnoughData> missing = races().map(RaceState::missing).orElse(List.of()).stream()
                .map(sentence -> new Verdict.NotEnoughData(Kind.DATA_RACE, sentence))
                .toList();
        Instant now = Instant.now();
        Range seen = session.latest().isPresent() ? session.kept() : new Range(now, now); // it ended at once
        return Report.of(
                session,
                Findings.check(session, seen).withUnknown(missing),
                attachment.took().toMillis());
    }

    @Override
    public void close() {
        closed = true;
        checker.interrupt();
        queues.close();
        if (races != null) {
            races.close();
        }
        if (os != null) {
            os.close();
        }
        if (source != null) {
            source.close();
        }
        attachment.close();
        names.close();
    }

    @Override
    public void stage(Stage stage) {
        console.stage("Attaching to " + target.label(), stage.words(), stages++, Stage.values().length - 1);
    }

    @Override
    public void warn(String sentence) {
        console.warn(sentence);
        watched.note(sentence);
    }

    @Override
    public void facts(List<FactRow> rows) {
        for (FactRow row : rows) {
            RowFacts.of(row).ifPresent(this::accept);
        }
    }

    @Override
    public void ended(End end) {
        watched.ended(sentence(end));
        stop.lost(
                switch (end) {
                    case TARGET_ENDED -> Stop.Reason.TARGET_ENDED;
                    case ASKED_TO_LEAVE -> Stop.Reason.ASKED_TO_LEAVE;
                    case AGENT_LEFT -> Stop.Reason.AGENT_LEFT;
                    case RECORDING_ENDED -> Stop.Reason.RECORDING_ENDED;
                });
    }

    /** @param since what came before is not ours to report; opening takes seconds on a busy machine, of which none is lost */
    private void tail(Path repository, Instant since) {
        source = LiveSource.start(repository, since, target::alive, this::accept, end -> {
            if (end == LiveSource.End.FAILED) {
                warn("The recording could not be read any further.");
            }
        });
    }

    /** Sources have a thread each, a session wants one writer. */
    private void accept(Fact seen) {
        Fact fact = names.withLines(seen);
        List<Fact.Named> told = names.objects().of(fact);
        synchronized (session) {
            told.forEach(session::accept);
            session.accept(fact);
        }
        told.forEach(names::found);
        nominator.accept(fact);
        if (monitors.tooMany(fact)) {
            Thread raising = new Thread(this::recordLess, "lockjam-threshold");
            raising.setDaemon(true);
            raising.start();
        }
    }

    /** Facts found out here go the same way as all others: into the recording, and back from it. */
    private void fromSystem(Fact fact) {
        Optional<FactRow> row = NoteRows.of(fact);
        if (row.isEmpty() || attachment.repository().isEmpty()) {
            accept(fact);
            return;
        }
        try {
            attachment.note(row.get());
        } catch (IOException gone) {
            accept(fact);
        }
    }

    private void recordLess() {
        try {
            attachment
                    .recordLess()
                    .ifPresent(threshold -> warn("More than " + monitors.limit()
                            + " monitor waits a second: those shorter than " + Texts.span(threshold)
                            + " are left out from now on."));
        } catch (IOException gone) {
            console.detail("The threshold could not be raised: " + gone.getMessage());
        }
    }

    private void check() {
        boolean told = false;
        long pause = CHECK_MILLIS;
        while (!closed) {
            try {
                Thread.sleep(pause);
                long began = System.nanoTime();
                findings.update(Findings.check(session, session.last(LOOK_BACK)));
                long took = Duration.ofNanos(System.nanoTime() - began).toMillis();
                pause = Math.max(CHECK_MILLIS, Math.min(RARE_CHECK_MILLIS, CHECK_SHARE * took));
            } catch (InterruptedException closing) {
                return;
            } catch (RuntimeException fault) { // of a rule: the facts stay worth showing
                if (!told) {
                    warn("Findings may be missing, a rule failed: " + fault + ".");
                }
                told = true;
            }
        }
    }

    private String sentence(End end) {
        return switch (end) {
            case TARGET_ENDED -> target.label() + " has ended.";
            case ASKED_TO_LEAVE -> "Detached from " + target.label() + ".";
            case AGENT_LEFT -> "The agent has left " + target.label() + ".";
            case RECORDING_ENDED -> "The recording of " + target.label() + " has ended.";
        };
    }
}
