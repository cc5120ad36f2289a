// SPDX-License-Identifier: Apache-2.0
package io.lockjam.browser;

import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import io.lockjam.model.WaitKind;
import io.lockjam.window.Doing;
import io.lockjam.window.VirtualWindow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The threads of an invented order service and what each does in any second: the same for the same second. */
final class SyntheticThreads {
    /** A name that must stay a text on every page. */
    static final String HOSTILE = "<img src=x onerror=alert(1)>";

    static final int CONVOY_SECONDS = 75;
    static final int CONVOY_LONGEST = 112;

    final List<ThreadRef> all = new ArrayList<>();

    SyntheticThreads(int scale) {
        add("order-worker-", 22 * scale);
        add("http-exec-", 40 * scale);
        add("db-conn-", 10 * scale);
        add("report-pool-", 6 * scale + 4);
        add("kafka-poll-", 12 * scale);
        add("scheduler-", 4 * scale);
        all.add(new ThreadRef(all.size() + 1, HOSTILE, false, 9_000));
        all.add(new ThreadRef(all.size() + 1, "main", false, 9_001));
    }

    private void add(String prefix, int count) {
        for (int i = 1; i <= count; i++) {
            all.add(new ThreadRef(all.size() + 1, prefix + i, false, 5_000 + all.size()));
        }
    }

    ThreadRef named(String name) {
        return all.stream()
                .filter(thread -> thread.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Seconds since the convoy of this second began; negative if there is none. */
    static int convoy(long second) {
        long phase = Math.floorMod(second, CONVOY_SECONDS);
        return phase >= 60 ? (int) (phase - 60) : -1;
    }

    /** How many threads the convoy holds up in this second. */
    static int queued(long second) {
        int age = convoy(second);
        return age < 0 ? 0 : Math.min(CONVOY_LONGEST, 8 * age + 4);
    }

    char state(ThreadRef thread, long second) {
        long noise = noise(thread.id(), second / 3);
        int percent = (int) (noise % 100);
        String name = thread.name();
        if (name.equals("order-worker-5") || name.equals("order-worker-6")) {
            return 'D';
        }
        return switch (name.replaceAll("\\d+$", "")) {
            case "order-worker-" -> percent < 30 ? 'L' : percent < 65 ? 'R' : percent < 70 ? 'l' : 'W';
            case "http-exec-" -> http(thread, second, percent);
            case "db-conn-" -> percent < 60 ? 'I' : 'W';
            case "report-pool-" -> name.endsWith("-1") || name.endsWith("-2") ? 'R' : 'W';
            case "kafka-poll-" -> percent < 8 ? 'R' : 'W';
            case "scheduler-" -> percent < 5 ? 'r' : 'S';
            default -> 'R';
        };
    }

    private char http(ThreadRef thread, long second, int percent) {
        int number = Integer.parseInt(thread.name().substring("http-exec-".length()));
        int age = convoy(second);
        if (number == 18 && age >= 0) {
            return 'I';
        }
        if (number != 18 && number <= queued(second) + 1) {
            return 'B';
        }
        return percent < 22 ? 'R' : percent < 40 ? 'I' : percent < 46 ? 'N' : 'W';
    }

    private static long noise(long a, long b) {
        long mixed = (a * 0x9E3779B97F4A7C15L) ^ (b * 0xC2B2AE3D27D4EB4FL);
        mixed ^= mixed >>> 31;
        mixed *= 0xD6E8FEB86659FD93L;
        return (mixed ^ (mixed >>> 32)) >>> 1;
    }

    static Frame frame(String className, String method, int line) {
        String simple = className.substring(className.lastIndexOf('.') + 1);
        return new Frame(className, method, null, simple + ".java", line, -1);
    }

    static Stack waiterStack() {
        return new Stack(List.of(
                frame("com.acme.orders.OrderService", "place", 57),
                frame("com.acme.orders.OrderController", "post", 41),
                frame("com.acme.http.Dispatcher", "dispatch", 118),
                frame("java.util.concurrent.ThreadPoolExecutor", "runWorker", 1136),
                frame("java.lang.Thread", "run", 840)));
    }

    static Stack ownerStack() {
        return new Stack(List.of(
                frame("sun.nio.ch.SocketDispatcher", "read0", -1),
                frame("java.net.SocketInputStream", "read", 168),
                frame("com.acme.pay.PaymentClient", "post", 88),
                frame("com.acme.orders.OrderService", "place", 61),
                frame("com.acme.orders.OrderController", "post", 41),
                frame("java.lang.Thread", "run", 840)));
    }

    static VirtualWindow virtual() {
        VirtualWindow.Waits permits = new VirtualWindow.Waits(
                WaitKind.SEMAPHORE,
                "l-1",
                "com.acme.orders.Gateway.<permits>",
                1_204,
                Duration.ofSeconds(4),
                false,
                new ThreadRef(900_002, "<b>answer</b>-7", true, -1));
        VirtualWindow.Waits work =
                new VirtualWindow.Waits(WaitKind.QUEUE_TAKE, "l-2", "Mailbox", 40, Duration.ofHours(1), true, null);
        List<VirtualWindow.Place> places = List.of(
                new VirtualWindow.Place(Doing.READS_SOCKET, ownerStack(), 190),
                new VirtualWindow.Place(Doing.SLEEPS, ownerStack(), 10));
        return new VirtualWindow(100_000, List.of(permits, work), 200, places);
    }
}
