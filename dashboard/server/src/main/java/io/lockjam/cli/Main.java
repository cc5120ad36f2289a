// SPDX-License-Identifier: Apache-2.0
package io.lockjam.cli;

import io.lockjam.attach.AttachException;
import io.lockjam.attach.IoReason;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** The program: finds the command that is meant, runs it and turns what comes of it into an exit code. */
@Command(
        name = "lockjam",
        description = "Attaches to a running JVM and says, live, what its threads wait for, who is in the way, and what"
                + " to change.",
        versionProvider = Main.Version.class,
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            DemoCommand.class,
            PsCommand.class,
            AttachCommand.class,
            DetachCommand.class,
            TopCommand.class,
            AuditCommand.class,
            RecordCommand.class,
            OpenCommand.class,
            ExportCommand.class,
            CompletionCommand.class,
            CommandLine.HelpCommand.class
        })
public final class Main {
    private static final Stop STOP = new Stop();
    /** How picocli says that a choice has no such value. */
    private static final Pattern CHOICE =
            Pattern.compile("expected one of \\[([A-Z_, ]+)] \\(case-insensitive\\) but was ");

    private Main() {}

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        Locale.setDefault(Locale.ROOT); // sentences and reports have the digits that their readers expect
        StandardOutput output = new StandardOutput(new FileOutputStream(FileDescriptor.out));
        System.setOut(utf8(output));
        System.setErr(utf8(new FileOutputStream(FileDescriptor.err)));
        STOP.onSignals();
        int code = run(arguments);
        if (System.out.checkError() && !output.readerGone() && code < Exit.USAGE) {
            System.err.println("lockjam: Standard output could not be written.");
            code = Exit.USAGE;
        }
        STOP.finished();
        System.exit(STOP.interruptedByUser() ? Exit.INTERRUPTED : code);
    }

    /** Whatever the locale says: JSON has to be UTF-8, and containers often have no locale. */
    private static PrintStream utf8(OutputStream to) {
        return new PrintStream(new BufferedOutputStream(to), true, StandardCharsets.UTF_8);
    }

    static Stop stop() {
        return STOP;
    }

    static int run(String... arguments) {
        CommandLine line = commandLine();
        if (arguments.length == 0) {
            line.usage(line.getErr());
            return Exit.USAGE;
        }
        return line.execute(arguments);
    }

    static CommandLine commandLine() {
        CommandLine line = new CommandLine(new Main());
        line.setErr(new PrintWriter(new OutputStreamWriter(System.err, StandardCharsets.UTF_8), true));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setParameterExceptionHandler(Main::misused);
        line.setExecutionExceptionHandler(Main::failed);
        return line;
    }

    private static int misused(ParameterException wrong, String[] arguments) {
        CommandLine command = wrong.getCommandLine();
        PrintWriter err = command.getErr();
        String typed = wrong instanceof UnmatchedArgumentException unknown
                ? unknown.getUnmatched().get(0)
                : "";
        boolean noCommand = !typed.isEmpty() && !typed.startsWith("-") && command.getParent() == null;
        err.println("lockjam: "
                + (noCommand ? "There is no command '" + typed + "'." : asTyped(String.valueOf(wrong.getMessage()))));
        if (!typed.isEmpty()) {
            Set<String> known = typed.startsWith("-")
                    ? command.getCommandSpec().optionsMap().keySet()
                    : command.getSubcommands().keySet();
            Slip.meant(typed, known).ifPresent(word -> err.println("Did you mean " + word + "?"));
        }
        String name = command.getParent() == null ? "" : " " + command.getCommandName();
        err.println("See: lockjam help" + name);
        return Exit.USAGE;
    }

    /** Names the values of a choice as one types them, and as the help does. */
    private static String asTyped(String message) {
        Matcher choice = CHOICE.matcher(message);
        return choice.find()
                ? choice.replaceFirst(
                        "expected " + choice.group(1).toLowerCase(Locale.ROOT).replace(", ", " or ") + ", got ")
                : message;
    }

    private static int failed(Exception thrown, CommandLine command, ParseResult parsed) {
        PrintWriter err = command.getErr();
        Throwable fault =
                thrown instanceof ExecutionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        boolean verbose = parsed.hasMatchedOption("-v") || hasVerbose(parsed);
        if (verbose) {
            fault.printStackTrace(err);
        }
        int code = told(fault, err);
        if (code == Exit.BUG) {
            err.println("lockjam: a bug of ours: " + fault + (verbose ? "" : " (run with -v for the stack trace)"));
        }
        return code;
    }

    /** Says what has come of it, and returns the exit code; that of a bug if nothing was said. */
    private static int told(Throwable fault, PrintWriter err) {
        if (fault instanceof AttachException reason) {
            err.println("lockjam: " + reason.getMessage());
            if (reason.advice() != null) {
                err.println(reason.advice());
            }
            return AttachException.EXIT_CODE;
        }
        if (fault instanceof Failure failure) {
            err.println("lockjam: " + failure.getMessage());
            return failure.exitCode();
        }
        if (fault instanceof InterruptedException) {
            return Exit.INTERRUPTED;
        }
        if (fault instanceof InvalidPathException foreign) {
            err.println("lockjam: The locale cannot express the file name '" + foreign.getInput()
                    + "'; LC_ALL=C.UTF-8 can.");
            return Exit.USAGE;
        }
        if (fault instanceof IOException environment) {
            err.println("lockjam: The system refuses: " + IoReason.withFile(environment) + ".");
            return Exit.USAGE;
        }
        if (fault instanceof NoClassDefFoundError
                && String.valueOf(fault.getMessage()).contains("tools/attach")) {
            err.println("lockjam: This Java has no module jdk.attach; run lockjam on a JDK, 17 or later.");
            return Exit.USAGE;
        }
        return Exit.BUG;
    }

    private static boolean hasVerbose(ParseResult parsed) {
        return parsed.hasSubcommand() && parsed.subcommand().hasMatchedOption("-v");
    }

    /** Reads the version from the jar's manifest. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"lockjam " + (version == null ? "(not from a jar)" : version)};
        }
    }
}
