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

    @Option(
            names = {"-q", "--quiet"},
            description = "No progress, only results and errors.")
    private boolean quiet;

    @Option(
            names = {"-v", "--verbose"},
            description = "Say more; a bug of ours comes with its stack trace.")
    private boolean verbose;

    /** Where escape sequences and rewriting of a line make sense. */
    private final boolean terminal = isTerminal();

    private final PrintStream err = System.err;
    private int tenth = -1;
    private boolean openLine;

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

    /** How far something is, with a word on what. */
    synchronized void progress(String what, long done, long total) {
        if (quiet || total <= 0) {
            return;
        }
        int percent = (int) Math.min(100, Math.max(0, done * 100 / total));
        if (terminal) {
            int filled = percent * BAR / 100;
            err.print("\r" + what + " [" + "#".repeat(filled) + " ".repeat(BAR - filled) + "] " + percent + " %");
            err.flush();
            openLine = true;
        } else if (percent / 10 > tenth) {
            err.println(what + ": " + percent + " %");
        }
        tenth = percent / 10;
    }

    synchronized void progressDone() {
        endLine();
        tenth = -1;
    }

    private void line(String text) {
        endLine();
        err.println(text);
    }

    private void endLine() {
        if (openLine) {
            err.println();
            openLine = false;
        }
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
