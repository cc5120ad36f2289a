// SPDX-License-Identifier: Apache-2.0
package io.lockjam.cli;

import io.lockjam.attach.AttachException;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;
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

    private Main() {}

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        System.setOut(utf8(FileDescriptor.out));
        System.setErr(utf8(FileDescriptor.err));
        STOP.onSignals();
        int code = run(arguments);
        if (System.out.checkError() && code < Exit.USAGE) {
            System.err.println("lockjam: Standard output could not be written.");
            code = Exit.USAGE;
        }
        STOP.finished();
        System.exit(STOP.interruptedByUser() ? Exit.INTERRUPTED : code);
    }

    /** Whatever the locale says: JSON has to be UTF-8, and containers often have no locale. */
    private static PrintStream utf8(FileDescriptor to) {
        return new PrintStream(new BufferedOutputStream(new FileOutputStream(to)), true, StandardCharsets.UTF_8);
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
        err.println("lockjam: " + wrong.getMessage());
        if (wrong instanceof UnmatchedArgumentException unknown) {
            String typed = unknown.getUnmatched().get(0);
            Set<String> known = typed.startsWith("-")
                    ? command.getCommandSpec().optionsMap().keySet()
                    : command.getSubcommands().keySet();
            Slip.meant(typed, known).ifPresent(word -> err.println("Did you mean " + word + "?"));
        }
        String name = command.getParent() == null ? "" : " " + command.getCommandName();
        err.println("See: lockjam help" + name);
        return Exit.USAGE;
    }

    private static int failed(Exception fault, CommandLine command, ParseResult parsed) {
        PrintWriter err = command.getErr();
        boolean verbose = parsed.hasMatchedOption("-v") || hasVerbose(parsed);
        if (verbose) {
            fault.printStackTrace(err);
        }
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
            err.println("lockjam: The system refuses: " + environment + ".");
            return Exit.USAGE;
        }
        err.println("lockjam: a bug of ours: " + fault + (verbose ? "" : " (run with -v for the stack trace)"));
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
