// SPDX-License-Identifier: Apache-2.0
package io.lockjam.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A program that is started by the name of its source: its classes lie in no file, and have no names of variables. */
final class SourceLaunchIT {
    private static final Duration LIMIT = Duration.ofSeconds(90);

    private static final String SHOP = """
            import java.util.concurrent.locks.ReentrantLock;

            public class Shop {
                static final Object table = new Object();
                static int customers;

                public static void main(String[] arguments) {
                    ReentrantLock till = new ReentrantLock();
                    for (int i = 0; i < 3; i++) {
                        new Thread(() -> {
                            while (true) {
                                till.lock();
                                try {
                                    pause();
                                } finally {
                                    till.unlock();
                                }
                                synchronized (table) {
                                    pause();
                                }
                                customers++;
                            }
                        }).start();
                    }
                    System.out.println("open");
                }

                static void pause() {
                    try {
                        Thread.sleep(20);
                    } catch (InterruptedException ended) {
                        System.exit(1);
                    }
                }
            }
            """;

    static Stream<Jdk> jdks() {
        return Jdk.all().stream();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void locksHaveTheNamesOfTheSourceAndLoopsAreNotLookedInto(Jdk jdk, @TempDir Path folder) throws Exception {
        Path source = Files.writeString(folder.resolve("Shop.java"), SHOP);
        try (Program shop = Program.start(List.of(jdk.java().toString(), source.toString()))) {
            shop.awaitLine("open"::equals);
            Program audit = Program.lockjam(jdk, "audit", Long.toString(shop.pid()), "--for", "4s", "--json", "-");
            assertThat(audit.await(LIMIT)).as(audit.transcript()).isBetween(0, 1);
            AuditReport report = AuditReport.parse(audit.output());
            assertThat(report.root().path("target").path("mainClass").asText()).isEqualTo(source.toString());
            assertThat(StreamSupport.stream(report.root().path("locks").spliterator(), false)
                            .map(lock -> lock.path("name").asText()))
                    .contains("Shop.table", "ReentrantLock of line 8 in main");
            assertThat(StreamSupport.stream(report.root().path("notJudged").spliterator(), false)
                            .map(each -> each.path("missing").asText()))
                    .as("a loop that never returns keeps its old code")
                    .anyMatch(missing -> missing.contains("Shop.lambda$main$0"))
                    .noneMatch(missing -> missing.contains("Shop.main"));
        }
    }
}
