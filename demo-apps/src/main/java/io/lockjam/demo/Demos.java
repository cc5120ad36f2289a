// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Runs a demo: {@code Demos [NAME] [fixed] [SECONDS]}; without a name the tour, without seconds until it is ended.
 * {@code --list} prints name, finding kinds and one sentence per demo, separated by tabs.
 */
public final class Demos {
    static final int USAGE = 2;
    /** EX_UNAVAILABLE of sysexits.h: the machine or the JDK lacks what the demo needs. */
    static final int UNAVAILABLE = 69;

    /** For ever, in practice; Duration.ofNanos(Long.MAX_VALUE) is 292 years. */
    private static final Duration FOR_EVER = Duration.ofNanos(Long.MAX_VALUE);

    /** Set to true by who wants us to end when it does. */
    private static final String TIED = "lockjam.demo.tied";

    private Demos() {}

    public static void main(String[] arguments) throws Exception {
        if (List.of(arguments).equals(List.of("--list"))) {
            list(System.out);
            return;
        }
        Optional<Call> call = Call.parse(arguments);
        if (call.isEmpty()) {
            System.err.println("usage: Demos [NAME] [fixed] [SECONDS] | --list; got: " + String.join(" ", arguments));
            System.exit(USAGE);
        } else {
            if (Boolean.getBoolean(TIED)) {
                endWithOurParent();
            }
            System.exit(run(call.get()));
        }
    }

    /** Standard input is a pipe from the program that started us: it ends when that program does, even if it was killed. */
    private static void endWithOurParent() {
        Thread watch = new Thread(
                () -> {
                    try {
                        System.in.transferTo(OutputStream.nullOutputStream());
                    } catch (IOException broken) {
                        // as good as its end
                    }
                    Runtime.getRuntime().halt(0); // nobody is left who would wait for a clean end
                },
                "demo-parent");
        watch.setDaemon(true);
        watch.start();
    }

    private static void list(PrintStream out) {
        for (Demo demo : Demo.values()) {
            out.println(demo.id() + "\t" + String.join(" ", demo.kinds()) + "\t" + demo.says());
        }
    }

    /** Returns the exit status. */
    private static int run(Call call) throws Exception {
        Work.calibrate();
        Stage stage = new Stage(call.fixed, call.length);
        Thread.setDefaultUncaughtExceptionHandler((thread, fault) -> {
            if (!stage.ended()) { // after that, closed sockets and refused tasks are to be expected
                System.err.println(thread.getName() + " failed:");
                fault.printStackTrace();
            }
        });
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(stage), "demo-end"));
        System.out.println(call.demo.id() + (call.fixed ? " (fixed): " : ": ") + call.demo.says());
        try {
            call.demo.run(stage);
            return 0;
        } catch (Unavailable missing) {
            System.err.println(call.demo.id() + " " + missing.getMessage());
            return UNAVAILABLE;
        }
    }

    private static void end(Stage stage) {
        try {
            stage.end();
        } catch (Exception fault) {
            System.err.println("not ended cleanly: " + fault);
        }
    }

    /** The command line, read. */
    private record Call(Demo demo, boolean fixed, Duration length) {
        /** Empty if the words make no sense. */
        static Optional<Call> parse(String... arguments) {
            List<String> words = new ArrayList<>(Arrays.asList(arguments));
            boolean fixed = words.removeAll(List.of("fixed", "--fixed"));
            Duration length = FOR_EVER;
            if (!words.isEmpty() && words.get(words.size() - 1).matches("[1-9][0-9]{0,8}")) {
                length = Duration.ofSeconds(Integer.parseInt(words.remove(words.size() - 1)));
            }
            if (words.size() > 1) {
                return Optional.empty();
            }
            Duration bound = length;
            return Demo.of(words.isEmpty() ? Demo.TOUR.id() : words.get(0)).map(demo -> new Call(demo, fixed, bound));
        }
    }
}
