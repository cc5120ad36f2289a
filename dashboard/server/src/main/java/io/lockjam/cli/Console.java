// SPDX-License-Identifier: Apache-2.0
package io.lockjam.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What goes to standard error: progress, as a bar on a terminal and as plain lines otherwise, and warnings. */
final class Console {
    private static final int BAR = 30;
    /** Erases what a longer text left behind the cursor (ECMA-48, EL). */
    private static final String TO_THE_END = "\033[K";

    @Option(
            names = {"-q", "--quiet"},
            description = "No progress, only results and errors.")
    private boolean quiet;

    @Option(
            names = {"-v", "--verbose"},
            description = "Say more; a bug of ours comes with its stack trace.")
    private boolean verbose;

    /** Where escape sequences and rewriting of a line make sense. */
    private final boolean terminal;

    private final PrintStream err;
    private int tenth = -1;
    private Open open = Open.NOTHING;

    /** What the line of the cursor holds, and so how it ends. */
    private enum Open {
        NOTHING(""),
        /** How far something was is worth keeping. */
        PROGRESS("\n"),
        /** A step is of no interest once the next line tells how all of them went. */
        STAGE("\r" + TO_THE_END);

        private final String end;

        Open(String end) {
            this.end = end;
        }
    }

    Console() {
        this(System.err, isTerminal());
    }

    Console(PrintStream err, boolean terminal) {
        this.err = err;
        this.terminal = terminal;
    }

    boolean verbose() {
        return verbose;
    }

    boolean terminal() {
        return terminal;
    }

    /** A step begins. */
    synchronized void step(String what) {
        if (!quiet) {
            line(what);
        }
    }

    synchronized void detail(String what) {
        if (verbose) {
            line(what);
        }
    }

    /** Something works less well than asked for; said even when quiet. */
    synchronized void warn(String sentence) {
        line(sentence);
    }

    /** One of the steps of something that takes seconds: a bar on a terminal, elsewhere a line when the first one begins. */
    synchronized void stage(String what, String step, int done, int steps) {
        if (terminal && !quiet) {
            bar(what + ": " + step, done * 100 / steps, Open.STAGE);
        } else if (done == 0) {
            step(what + "…");
        } else {
            detail(step);
        }
    }

    /** How far something is, with a word on what. */
    synchronized void progress(String what, long done, long total) {
        if (quiet || total <= 0) {
            return;
        }
        int percent = (int) Math.min(100, Math.max(0, done * 100 / total));
        if (terminal) {
            bar(what, percent, Open.PROGRESS);
        } else if (percent / 10 > tenth) {
            err.println(what + ": " + percent + " %");
        }
        tenth = percent / 10;
    }

    synchronized void progressDone() {
        makeWay();
        tenth = -1;
    }

    /** Somebody else is about to write a line. */
    synchronized void makeWay() {
        err.print(open.end);
        err.flush();
        open = Open.NOTHING;
    }

    private void line(String text) {
        makeWay();
        err.println(text);
    }

    private void bar(String what, int percent, Open kind) {
        int filled = percent * BAR / 100;
        String bar = "#".repeat(filled) + " ".repeat(BAR - filled);
        err.print("\r" + what + " [" + bar + "] " + percent + " %" + TO_THE_END);
        err.flush();
        open = kind;
    }

    /** {@code System.console()} looks at standard input and output, and not the same way in all JDKs; this is standard error. */
    private static boolean isTerminal() {
        @Nullable String term = System.getenv("TERM");
        Path stderr = Path.of("/proc/self/fd/2");
        try {
            String target = Files.readSymbolicLink(stderr).toString();
            return !"dumb".equals(term) && (target.startsWith("/dev/pts/") || target.startsWith("/dev/tty"));
        } catch (IOException unknown) {
            return term != null && !term.equals("dumb");
        }
    }
}
