// SPDX-License-Identifier: Apache-2.0
package io.lockjam.browser;

import static io.lockjam.browser.SyntheticThreads.frame;

import io.lockjam.finding.LiveFindings;
import io.lockjam.model.Fact;
import io.lockjam.model.Histogram;
import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import io.lockjam.model.WaitKind;
import io.lockjam.web.Readings;
import io.lockjam.window.Account;
import io.lockjam.window.Cost;
import io.lockjam.window.Doing;
import io.lockjam.window.Flame;
import io.lockjam.window.Holder;
import io.lockjam.window.Lanes;
import io.lockjam.window.LockWindow;
import io.lockjam.window.PoolWindow;
import io.lockjam.window.QueueWindow;
import io.lockjam.window.Range;
import io.lockjam.window.States;
import io.lockjam.window.Target;
import io.lockjam.window.ThreadWindow;
import io.lockjam.window.VirtualWindow;
import io.lockjam.window.Wait;
import io.lockjam.window.WaitForGraph;
import io.lockjam.window.WaitQuery;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** An invented order service with a convoy each 75 seconds, a deadlock, an oversized pool and a race. */
final class SyntheticReadings implements Readings {
    static final ThreadRef TICKER = new ThreadRef(900_001, "Lockjam ticker", false, 9_500);

    private final SyntheticThreads threads;
    private final SyntheticLocks locks;
    private final Supplier<Instant> clock;
    private final int keptSeconds;
    private final boolean trouble;
    private volatile boolean muted;

    /** @param trouble false for a target in which nothing is wrong */
    SyntheticReadings(int scale, int keptSeconds, boolean trouble, Supplier<Instant> clock) {
        this.threads = new SyntheticThreads(scale);
        this.locks = new SyntheticLocks(threads);
        this.keptSeconds = keptSeconds;
        this.trouble = trouble;
        this.clock = clock;
    }

    @Override
    public Target target() {
        return new Target(
                4711, "com.acme.OrderService", "17.0.15", 2, clock.get().minusSeconds(3_600));
    }

    @Override
    public Optional<Instant> latest() {
        return keptSeconds == 0 ? Optional.empty() : Optional.of(clock.get());
    }

    @Override
    public Range kept() {
        return Range.endingAt(clock.get(), Duration.ofSeconds(keptSeconds));
    }

    @Override
    public List<LiveFindings.Tracked> findings() {
        return trouble ? SyntheticFindings.all(this, clock.get(), muted) : List.of();
    }

    @Override
    public boolean mute(String id, boolean wanted) {
        boolean known = findings().stream().anyMatch(each -> each.id().equals(id));
        muted = known ? wanted : muted;
        return known;
    }

    @Override
    public List<LockWindow> locks(Range range) {
        return locks.rows(range);
    }

    @Override
    public List<QueueWindow> queues(Range range) {
        return List.of(
                queue("q-1", "order-worker's work queue", 1_000, 212, range),
                queue("q-2", "com.acme.report.Jobs.queue", -1, 3, range));
    }

    private QueueWindow queue(String id, String name, int capacity, int depth, Range range) {
        return new QueueWindow(
                id,
                "java.util.concurrent.LinkedBlockingQueue",
                name,
                id,
                range,
                capacity,
                depth * 0.7,
                depth,
                depth,
                series(range, depth),
                30,
                12,
                Duration.ofMillis(340),
                Histogram.of(20_000_000),
                400,
                Duration.ofSeconds(3),
                Histogram.of(8_000_000),
                Duration.ofSeconds(200),
                null,
                List.of(),
                List.of(),
                List.of(),
                List.of());
    }

    private static List<Integer> series(Range range, int top) {
        long from = range.from().getEpochSecond();
        return IntStream.range(0, (int) Math.max(1, range.seconds()))
                .mapToObj(i -> (int) Math.abs(top * Math.sin((from + i) / 40.0)))
                .toList();
    }

    @Override
    public List<PoolWindow> pools(Range range) {
        return List.of(
                pool("p-1", "report-pool-#", 64, 2, 0, range), pool("p-2", "order-worker-#", 220, 140, 212, range));
    }

    private PoolWindow pool(String id, String name, int size, int busy, int depth, Range range) {
        List<Integer> sizes = java.util.Collections.nCopies((int) Math.max(1, range.seconds()), size);
        return new PoolWindow(
                id,
                "java.util.concurrent.ThreadPoolExecutor",
                id,
                name,
                "threads",
                range,
                Duration.ofMillis(Math.round(range.seconds() * 1_000)),
                size,
                size,
                size,
                busy * 0.8,
                true,
                busy + 1,
                depth,
                depth * 0.6,
                depth,
                -1,
                0.2,
                12_000,
                11_990,
                0,
                190,
                Duration.ofMillis(2),
                Duration.ofMillis(34),
                1.4,
                0.9,
                0.5,
                0.92,
                0.1,
                2,
                Histogram.of(1_000_000, 2_000_000, 9_000_000),
                Histogram.of(30_000_000, 34_000_000, 60_000_000),
                0,
                0,
                series(range, depth),
                series(range, busy),
                sizes,
                List.of(new PoolWindow.Submitter(
                        "com.acme.report.Job", SyntheticThreads.waiterStack(), 120, List.of("main"))),
                null,
                List.of());
    }

    @Override
    public List<ThreadWindow> threads(Range range) {
        long second = range.to().getEpochSecond() - 1;
        WaitForGraph graph = graph(range.to());
        return threads.all.stream()
                .map(thread -> {
                    char state = threads.state(thread, second);
                    boolean held = state == 'B' || state == 'D';
                    return new ThreadWindow(
                            thread,
                            thread.group(),
                            state,
                            null,
                            null,
                            range.length(),
                            new Account(Map.of(
                                    Account.Part.ON_CORE,
                                    20_000_000_000L,
                                    Account.Part.LOCK,
                                    held ? 9_000_000_000L : 0L,
                                    Account.Part.IDLE,
                                    60_000_000_000L)),
                            0.2,
                            120,
                            4,
                            0.01,
                            graph.of(thread.id()).orElse(null),
                            held ? SyntheticThreads.waiterStack() : SyntheticThreads.ownerStack(),
                            Stack.EMPTY);
                })
                .toList();
    }

    @Override
    public List<ThreadWindow> observers(Range range) {
        Account account = new Account(Map.of(Account.Part.ON_CORE, 40_000_000L, Account.Part.UNKNOWN, 9_960_000_000L));
        return List.of(new ThreadWindow(
                TICKER,
                "Lockjam and JFR",
                'W',
                null,
                null,
                range.length(),
                account,
                0.004,
                12,
                1,
                0.01,
                null,
                Stack.EMPTY,
                Stack.EMPTY));
    }

    private int slots() {
        return threads.all.size();
    }

    @Override
    public VirtualWindow virtual(Range range) {
        return SyntheticThreads.virtual();
    }

    @Override
    public WaitForGraph graph(Instant at) {
        return new WaitForGraph(at, 1, trouble ? locks.edges(at) : List.of());
    }

    SyntheticThreads all() {
        return threads;
    }

    @Override
    public Lanes lanes(Range range) {
        long from = range.from().getEpochSecond();
        int seconds = (int) Math.max(0, range.to().getEpochSecond() - from);
        List<Lanes.Lane> rows = new ArrayList<>();
        for (int slot = 0; slot < threads.all.size(); slot++) {
            ThreadRef thread = threads.all.get(slot);
            StringBuilder letters = new StringBuilder(seconds);
            for (int i = 0; i < seconds; i++) {
                char state = threads.state(thread, from + i);
                letters.append(trouble || "RIWSN".indexOf(state) >= 0 ? state : 'R');
            }
            rows.add(new Lanes.Lane(slot, thread, thread.group(), letters.toString()));
        }
        Lanes.Lane ticker = new Lanes.Lane(slots(), TICKER, "Lockjam and JFR", "W".repeat(seconds));
        return new Lanes(Instant.ofEpochSecond(from), seconds, rows, List.of(ticker));
    }

    @Override
    public List<States> states(Range range) {
        return List.of();
    }

    @Override
    public Histogram holds(Range range, String lockId) {
        return Histogram.of(2_000_000_000L, 3_000_000_000L, 3_100_000_000L, 12_000_000_000L);
    }

    @Override
    public String lockId(String id) {
        return id;
    }

    @Override
    public List<Wait> waits(Range range, WaitQuery query) {
        Instant end =
                range.to().minusSeconds(Math.floorMod(range.to().getEpochSecond(), SyntheticThreads.CONVOY_SECONDS));
        return trouble ? locks.waits(doing(threads.named("http-exec-18"), end), end, query) : List.of();
    }

    @Override
    public Account account(Range range) {
        return new Account(Map.of(
                Account.Part.ON_CORE,
                300_000_000_000L,
                Account.Part.RUN_QUEUE,
                20_000_000_000L,
                Account.Part.LOCK,
                1_090_000_000_000L,
                Account.Part.IO,
                400_000_000_000L,
                Account.Part.IDLE,
                2_000_000_000_000L,
                Account.Part.UNKNOWN,
                90_000_000_000L));
    }

    @Override
    public Flame flame(Range range, Flame.Mode mode, Predicate<ThreadRef> scope, boolean idle, boolean observers) {
        Flame.Node leaf =
                new Flame.Node("OrderService.place (OrderService.java:57)", "lock", 900_000_000_000L, List.of());
        Flame.Node read =
                new Flame.Node("InventoryCache.get (InventoryCache.java:91)", "lock", 140_000_000_000L, List.of());
        Flame.Node take = new Flame.Node("LinkedBlockingQueue.take", "queue", 60_000_000_000L, List.of());
        Flame.Node socket = new Flame.Node("SocketInputStream.read", "io", 200_000_000_000L, List.of());
        Flame.Node post = new Flame.Node(
                "OrderController.post (OrderController.java:41)",
                "code",
                1_240_000_000_000L,
                List.of(leaf, read, socket));
        Flame.Node run = new Flame.Node("Thread.run", "code", 1_300_000_000_000L, List.of(post, take));
        return new Flame(
                mode, new Flame.Node("all", "code", 1_300_000_000_000L, List.of(run)), 1_300_000_000_000L, 2_600);
    }

    @Override
    public Cost cost(Range range) {
        return new Cost(0.004, 812, 0, 0, 0, "light", "0.1.0", 3);
    }

    @Override
    public Holder doing(ThreadRef thread, Instant at) {
        return new Holder(
                thread,
                Doing.READS_SOCKET,
                0.98,
                SyntheticThreads.ownerStack(),
                frame("com.acme.orders.OrderService", "place", 57),
                "pay.example:443");
    }

    @Override
    public Holder holding(ThreadRef owner, WaitKind kind, String lockId, Instant at) {
        return doing(owner, at);
    }

    @Override
    public List<Fact.Pause> pauses(Range range) {
        List<Fact.Pause> pauses = new ArrayList<>();
        for (long second = range.from().getEpochSecond(); second < range.to().getEpochSecond(); second++) {
            if (second % 37 == 0) {
                pauses.add(new Fact.Pause(
                        Instant.ofEpochSecond(second), Duration.ofMillis(30 + second % 90), "GC: G1 Evacuation Pause"));
            }
        }
        return pauses;
    }

    @Override
    public List<Fact.RaceSeen> races(Range range) {
        Fact.Access first =
                new Fact.Access(threads.named("order-worker-1"), true, null, SyntheticThreads.waiterStack(), List.of());
        Fact.Access second = new Fact.Access(
                threads.named("order-worker-2"),
                true,
                null,
                SyntheticThreads.ownerStack(),
                List.of("com.acme.Counter.lock"));
        return trouble
                ? List.of(new Fact.RaceSeen(
                        range.to(), "com.acme.Counter.value", "field", "caught", "9a", first, second, "41", "42"))
                : List.of();
    }

    @Override
    public Optional<String> name(Fact.RaceSeen race) {
        return Optional.empty();
    }

    @Override
    public List<Fact.LockOrderSeen> orders(Range range) {
        return trouble ? locks.orders(range.to()) : List.of();
    }

    @Override
    public List<Fact.Gap> gaps(Range range) {
        Instant at = kept().from().plusSeconds(keptSeconds / 2);
        Fact.Gap gap = new Fact.Gap(at, Duration.ofSeconds(6), "the reader was 6 s behind", 41);
        return trouble && range.contains(at) && keptSeconds > 100 ? List.of(gap) : List.of();
    }
}
