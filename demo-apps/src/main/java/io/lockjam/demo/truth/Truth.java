// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo.truth;

import io.lockjam.demo.VirtualThreads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * {@code Truth PRIMITIVE|all platform|virtual SECONDS [START]}: threads wait on one primitive, or on each at the same time, and
 * add the time up around the call; at the end a line of JSON for each says what they measured. START is {@code stdin} (a line, the default), a number of
 * seconds, or the path of a file that will appear; a tool attached before sees the same waits. {@code --list} prints
 * primitive, tab, kind.
 */
public final class Truth {
    static final int USAGE = 2;
    /** EX_UNAVAILABLE of sysexits.h. */
    static final int UNAVAILABLE = 69;

    /** Sums leave the JVM once a second: the last ones need some time to do so. */
    private static final long LINGER_MILLIS = 2_500;

    private Truth() {}

    public static void main(String[] arguments) throws Exception {
        if (List.of(arguments).equals(List.of("--list"))) {
            for (Primitive primitive : Primitive.values()) {
                System.out.println(primitive.id() + "\t" + primitive.kind());
            }
            return;
        }
        List<Primitive> primitives =
                arguments.length < 3 ? List.of() : primitives(arguments[0], arguments[1].equals("virtual"));
        if (primitives.isEmpty()
                || !arguments[1].matches("platform|virtual")
                || !arguments[2].matches("[1-9][0-9]{0,5}")) {
            System.err.println("usage: Truth PRIMITIVE|all platform|virtual SECONDS [stdin|DELAY|FILE] | --list; got: "
                    + String.join(" ", arguments));
            System.exit(USAGE);
            return;
        }
        System.exit(run(
                primitives,
                arguments[1].equals("virtual"),
                Duration.ofSeconds(Integer.parseInt(arguments[2])),
                arguments.length > 3 ? arguments[3] : "stdin"));
    }

    /** In virtual threads, all but class initialisation: who waits for that keeps its carrier, and would hold up the rest. */
    private static List<Primitive> primitives(String id, boolean virtual) {
        return id.equals("all")
                ? Arrays.stream(Primitive.values())
                        .filter(primitive -> !virtual || primitive != Primitive.CLASS_INIT)
                        .toList()
                : Primitive.of(id).stream().toList();
    }

    /** Returns the exit status. */
    private static int run(List<Primitive> primitives, boolean virtual, Duration length, String start)
            throws Exception {
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
        Map<Primitive, Rounds> all = new EnumMap<>(Primitive.class);
        for (Primitive primitive : primitives) {
            Rounds rounds = new Rounds(threads.get(), length);
            all.put(primitive, rounds);
            primitive.start(rounds);
        }
        for (Rounds rounds : all.values()) {
            rounds.join();
        }
        Instant to = Instant.now();
        TimeUnit.MILLISECONDS.sleep(LINGER_MILLIS);
        all.forEach((primitive, rounds) -> System.out.println(line(primitive, virtual, rounds, from, to)));
        return 0;
    }

    private static String line(Primitive primitive, boolean virtual, Rounds rounds, Instant from, Instant to) {
        String owner = rounds.owner().map(name -> '"' + name + '"').orElse("null");
        return "{\"primitive\": \"%s\", \"kind\": \"%s\", \"class\": \"%s\", \"threads\": \"%s\", "
                        .formatted(primitive.id(), primitive.kind(), primitive.type(), virtual ? "virtual" : "platform")
                + "\"waits\": %d, \"waitedNanos\": %d, \"owner\": %s, \"from\": \"%s\", \"to\": \"%s\"}"
                        .formatted(rounds.waits(), rounds.waitedNanos(), owner, from, to);
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
