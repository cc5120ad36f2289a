// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo.truth;

import io.lockjam.demo.VirtualThreads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * {@code Truth PRIMITIVE platform|virtual SECONDS [START]}: threads wait on one primitive and add the time up around the
 * call; at the end one line of JSON says what they measured. START is {@code stdin} (a line, the default), a number of
 * seconds, or the path of a file that will appear; a tool attached before sees the same waits. {@code --list} prints
 * primitive, tab, kind.
 */
public final class Truth {
    static final int USAGE = 2;
    /** EX_UNAVAILABLE of sysexits.h. */
    static final int UNAVAILABLE = 69;

    private Truth() {}

    public static void main(String[] arguments) throws Exception {
        if (List.of(arguments).equals(List.of("--list"))) {
            for (Primitive primitive : Primitive.values()) {
                System.out.println(primitive.id() + "\t" + primitive.kind());
            }
            return;
        }
        Optional<Primitive> primitive = arguments.length < 3 ? Optional.empty() : Primitive.of(arguments[0]);
        if (primitive.isEmpty()
                || !arguments[1].matches("platform|virtual")
                || !arguments[2].matches("[1-9][0-9]{0,5}")) {
            System.err.println("usage: Truth PRIMITIVE platform|virtual SECONDS [stdin|DELAY|FILE] | --list; got: "
                    + String.join(" ", arguments));
            System.exit(USAGE);
            return;
        }
        System.exit(run(
                primitive.get(),
                arguments[1].equals("virtual"),
                Duration.ofSeconds(Integer.parseInt(arguments[2])),
                arguments.length > 3 ? arguments[3] : "stdin"));
    }

    /** Returns the exit status. */
    private static int run(Primitive primitive, boolean virtual, Duration length, String start) throws Exception {
        Optional<ThreadFactory> threads =
                virtual ? VirtualThreads.named("truth") : Optional.of(Rounds.platform("truth"));
        if (threads.isEmpty()) {
            System.err.println("needs virtual threads, Java 21 or later; this is Java "
                    + Runtime.version().feature());
            return UNAVAILABLE;
        }
        System.out.println("ready " + ProcessHandle.current().pid());
        awaitStart(start);
        Instant from = Instant.now();
        Rounds rounds = new Rounds(threads.get(), length);
        primitive.start(rounds);
        rounds.join();
        System.out.println(
                "{\"primitive\": \"%s\", \"kind\": \"%s\", \"threads\": \"%s\", \"waits\": %d, \"waitedNanos\": %d, "
                                .formatted(
                                        primitive.id(),
                                        primitive.kind(),
                                        virtual ? "virtual" : "platform",
                                        rounds.waits(),
                                        rounds.waitedNanos())
                        + "\"owner\": %s, \"from\": \"%s\", \"to\": \"%s\"}"
                                .formatted(
                                        rounds.owner()
                                                .map(name -> '"' + name + '"')
                                                .orElse("null"),
                                        from,
                                        Instant.now()));
        return 0;
    }

    private static void awaitStart(String start) throws IOException, InterruptedException {
        if (start.equals("stdin")) {
            for (int read = System.in.read(); read >= 0 && read != '\n'; ) {
                read = System.in.read();
            }
        } else if (start.matches("[0-9]{1,6}")) {
            TimeUnit.SECONDS.sleep(Integer.parseInt(start));
        } else {
            while (!Files.exists(Path.of(start))) {
                TimeUnit.MILLISECONDS.sleep(10);
            }
        }
    }
}
