// SPDX-License-Identifier: Apache-2.0
package io.lockjam.cli;

import io.lockjam.attach.Target;
import io.lockjam.finding.Findings;
import io.lockjam.finding.LiveFindings;
import io.lockjam.model.Fact;
import io.lockjam.name.SourceFiles;
import io.lockjam.report.Report;
import io.lockjam.source.FileSource;
import io.lockjam.source.UnreadableRecordingException;
import io.lockjam.window.Limits;
import io.lockjam.window.Session;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** A recording and what was read from it. */
record RecordingFile(Path path, RecordedNames names, Session session, LiveFindings findings) {
    /** Half an hour: what a deep recording of one gigabyte may cover. */
    private static final int SECONDS = 1_800;

    private static final int MOST_UNNAMED = 10_000;

    /** How a file begins that gzip has made. */
    private static final byte[] GZIP = {0x1f, (byte) 0x8b};

    static RecordingFile of(Path path) {
        Limits usual = Limits.DEFAULT;
        Limits limits = new Limits(
                SECONDS,
                usual.waitsPerSecond(),
                usual.activitiesPerSecond(),
                usual.rowsPerSnapshot(),
                usual.stacks(),
                usual.locks());
        RecordedNames names = new RecordedNames();
        return new RecordingFile(path, names, new Session(names, limits), new LiveFindings());
    }

    /** Whether an argument that may also be a pid or a name means a file. */
    static boolean meant(String argument) {
        if (Target.isPid(argument) || argument.endsWith(".jar")) {
            return false; // the jar that a JVM was started with often lies in the folder of who asks
        }
        return argument.endsWith(".jfr") || argument.contains("/") || Files.isRegularFile(Path.of(argument));
    }

    /** Reads it all; returns false if the user has cancelled that. */
    boolean fill(Console console) throws Failure {
        return fill(new FileSource(path), console, (read, total) -> {});
    }

    /** The same with a source that others may cancel; returns false if somebody did. */
    boolean fill(FileSource source, Console console, FileSource.Progress watcher) throws Failure {
        check(path);
        List<Fact> unnamed = new ArrayList<>(); // until it is known where classes came from
        boolean whole = facts(path, source, fact -> accept(fact, unnamed), console, watcher);
        session.replaceFew(names::withLines);
        unnamed.forEach(fact -> names.objects().of(names.withLines(fact)).forEach(session::accept));
        findings.update(judged());
        return whole;
    }

    /** Hands over the facts of a recording, read in a child process that a hostile file may crash; false if that was cancelled. */
    static boolean facts(
            Path path, FileSource source, Consumer<Fact> taker, Console console, FileSource.Progress watcher)
            throws Failure {
        Thread cancel = new Thread(source::cancel, "lockjam-cancel");
        Runtime.getRuntime().addShutdownHook(cancel);
        try {
            LossNotes losses = new LossNotes(taker);
            FileSource.Outcome outcome = source.read(losses, (read, total) -> {
                console.progress("Reading", read, total);
                watcher.at(read, total);
            });
            console.progressDone();
            if (!outcome.complete() && !outcome.cancelled()) {
                console.warn(path + " is damaged: only part of it could be read.");
            }
            losses.sentences().forEach(console::warn);
            return !outcome.cancelled();
        } catch (UnreadableRecordingException unreadable) {
            console.progressDone();
            throw new Failure(Exit.BAD_INPUT, unreadable.getMessage() + ".", unreadable);
        } finally {
            removeHook(cancel);
        }
    }

    private void accept(Fact fact, List<Fact> unnamed) {
        session.accept(fact);
        boolean toName = fact instanceof Fact.RaceSeen || fact instanceof Fact.LockOrderSeen;
        if (toName && unnamed.size() < MOST_UNNAMED) {
            unnamed.add(fact);
        }
    }

    SourceFiles sources() {
        return names.sources();
    }

    Report report() {
        return Report.of(session, judged(), -1);
    }

    private Findings judged() {
        return PlainRecording.completed(Findings.check(session, session.kept()), session);
    }

    static void check(Path path) throws Failure {
        if (path.toString().isEmpty()) {
            throw new Failure(Exit.BAD_INPUT, "Expected the name of a recording, got nothing.");
        }
        if (!Files.exists(path)) {
            throw new Failure(Exit.BAD_INPUT, "There is no file " + path + ".");
        }
        if (!Files.isRegularFile(path)) {
            throw new Failure(Exit.BAD_INPUT, "Cannot read " + path + ": it is not a file.");
        }
        if (!Files.isReadable(path)) {
            throw new Failure(Exit.BAD_INPUT, "Cannot read " + path + ": permission denied.");
        }
        if (compressed(path)) {
            throw new Failure(Exit.BAD_INPUT, "Cannot read " + path + ": it is compressed; gunzip it first.");
        }
    }

    private static boolean compressed(Path path) {
        try (InputStream in = Files.newInputStream(path)) {
            return Arrays.equals(in.readNBytes(GZIP.length), GZIP);
        } catch (IOException unreadable) {
            return false; // whoever reads it will say so
        }
    }

    private static void removeHook(Thread cancel) {
        try {
            Runtime.getRuntime().removeShutdownHook(cancel);
        } catch (IllegalStateException shuttingDown) {
            return; // it runs right now
        }
    }
}
