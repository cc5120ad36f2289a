// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Fact;
import io.lockjam.model.Initial;
import io.lockjam.model.LockRef;
import io.lockjam.model.Stack;
import io.lockjam.model.WaitKind;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What to change about a lock, by what it is and whose. */
class LockAdviceTest {
    /** Two users of a cache of a library, each of which loads at times under the lock of the library. */
    private static String advised(String library, String load) {
        Story story = new Story();
        Stack loads = Story.stack("java.lang.Thread.sleep", load, library);
        Stack waits = Story.stack(library, "com.acme.Web.page");
        for (String user : List.of("user-0", "user-1")) {
            story.wait(0.01, 1, WaitKind.MONITOR, Story.MONITOR, user, null, null, waits, true);
        }
        for (int turn = 0; turn < 50; turn++) {
            double end = turn * 0.2 + 0.1;
            String loader = "user-" + turn % 2;
            story.did(end, 80, loader, Fact.ActivityKind.SLEEP, loads);
            story.wait(
                    end + 0.001,
                    70,
                    WaitKind.MONITOR,
                    Story.MONITOR,
                    "user-" + (turn + 1) % 2,
                    loader,
                    loader,
                    waits,
                    true);
        }
        Finding found = story.check(0, 10).found().get(0);
        assertThat(found.kind()).isEqualTo(Kind.LOCK_HELD_ACROSS_BLOCKING);
        return found.text().change();
    }

    @Test
    void codeThatALibraryCallsUnderItsLockIsToBeQuick() {
        assertThat(advised("com.google.common.cache.LocalCache.load", "com.acme.Rates.load"))
                .startsWith("LocalCache.load(LocalCache.java:")
                .contains("runs the code at Rates.load(Rates.java:")
                .contains("let the cache load outside of it");
        assertThat(advised("org.apache.Registry.visit", "com.acme.Rates.load"))
                .contains("or call it with what was fetched before");
        assertThat(advised("com.acme.Cache.load", "com.acme.Rates.load")).startsWith("Give back");
    }

    @Test
    void aLockInsideTheJdkIsNotTheCallersToGiveBack() {
        Story story = new Story();
        Stack inside = Story.stack(
                "java.lang.Object.wait", "java.util.concurrent.SubmissionPublisher.submit", "com.acme.Web.page");
        Stack waits = Story.stack("java.util.concurrent.SubmissionPublisher.submit", "com.acme.Web.page");
        for (int turn = 0; turn < 50; turn++) {
            double end = turn * 0.2 + 0.1;
            String holder = "user-" + turn % 2;
            story.did(end, 80, holder, Fact.ActivityKind.SLEEP, inside);
            story.wait(
                    end + 0.001,
                    70,
                    WaitKind.MONITOR,
                    Story.MONITOR,
                    "user-" + (turn + 1) % 2,
                    holder,
                    holder,
                    waits,
                    true);
        }

        assertThat(story.check(0, 10).found().get(0).text().change())
                .startsWith("The lock is SubmissionPublisher's own: call it from fewer threads at Web.page(");
    }

    /** Six users that want a monitor half of the time, whose holder computes. */
    private static String hot(String... waits) {
        Story story = new Story();
        for (int turn = 0; turn < 900; turn++) {
            String holder = "user-" + turn % 6;
            String waiter = "user-" + (turn + 1) % 6;
            Stack stack = Story.stack(waits);
            story.wait(turn * 0.011 + 0.01, 20, WaitKind.MONITOR, Story.MONITOR, waiter, holder, holder, stack, true);
        }
        return story.check(0, 10).found().get(0).text().change();
    }

    @Test
    void aMonitorThatTheJdkOrALibraryTakesIsNotForTheCallerToHoldForLess() {
        assertThat(hot("sun.security.provider.SecureRandom.engineNextBytes", "com.acme.Tokens.token"))
                .startsWith("The lock is taken in code of the JDK (called from Tokens.token(")
                .contains("let each thread have an object of its own");
        assertThat(hot("io.prometheus.client.TimeWindowQuantiles.insert", "com.acme.Shop.sell"))
                .startsWith("The lock is taken in code of a library (called from Shop.sell(");
        assertThat(hot("com.acme.Cache.get", "com.acme.Shop.sell"))
                .startsWith("Give each thread a lock and state of its own");
    }

    @Test
    void aSemaphoreOfOnePermitIsALock() {
        Story story = new Story();
        LockRef mutex = new LockRef("java.util.concurrent.Semaphore", "3");
        story.names.put(mutex, "com.acme.Office.mutex");
        story.initials.put("com.acme.Office.mutex", Initial.ONE);
        Stack asks = Story.stack("java.util.concurrent.Semaphore.acquire", "com.acme.Office.copy");
        for (int i = 0; i < 100; i++) {
            String user = "user-" + i % 6;
            story.wait(i * 0.1, 430, WaitKind.SEMAPHORE, mutex, user, null, "user-" + (i + 1) % 6, asks, true);
        }
        String change = story.check(0, 10).found().get(0).text().change();
        story.initials.put("com.acme.Office.mutex", Initial.MORE);

        assertThat(change).startsWith("Hold Office.mutex for less");
        assertThat(story.check(0, 10).found().get(0).text().change()).contains("more");
    }

    @Test
    void whoOnlyReadsIsToTakeTheReadLock() {
        Story story = new Story();
        story.names.put(Story.LOCK, "com.acme.Prices.lock");
        Stack asks = Story.stack(
                "java.util.concurrent.locks.ReentrantReadWriteLock$WriteLock.lock", "com.acme.Prices.price");
        for (int i = 0; i < 100; i++) {
            String user = "user-" + i % 6;
            story.wait(i * 0.1, 400, WaitKind.WRITE, Story.LOCK, user, null, "user-" + (i + 1) % 6, asks, true);
        }
        String writes = story.check(0, 10).found().get(0).text().change();
        story.onlyReading.add("price");

        assertThat(writes).doesNotContain("read lock");
        assertThat(story.check(0, 10).found().get(0).text().change())
                .startsWith("Take the read lock of Prices.lock in place of its write lock at Prices.price(");
    }

    @Test
    void permitsOfALibraryAreItsSetting() {
        Story story = new Story();
        LockRef permits = new LockRef("java.util.concurrent.Semaphore", "3");
        story.initials.put("java.util.concurrent.Semaphore", Initial.MORE);
        Stack asks = Story.stack(
                "java.util.concurrent.Semaphore.tryAcquire",
                "io.github.resilience4j.bulkhead.internal.SemaphoreBulkhead.tryEnterBulkhead",
                "com.acme.Web.page");
        for (int i = 0; i < 100; i++) {
            story.wait(i * 0.1, 400, WaitKind.SEMAPHORE, permits, "user-" + i % 6, null, null, asks, true);
        }

        assertThat(story.check(0, 10).found().get(0).text().change())
                .contains(" more permits (maxConcurrentCalls, 25 unless told otherwise), if what")
                .contains("for less time (called from Web.page(");
    }

    @Test
    void aClassThatLocksInAllItsMethodsHasABetterOne() {
        Story story = new Story();
        LockRef table = new LockRef("java.util.Hashtable", "4");
        for (int second = 0; second < 10; second++) {
            story.totals(second + 0.9, WaitKind.MONITOR, table, 1000, 1_700, 1000, 200);
        }

        assertThat(story.check(0, 10).found().get(0).text().change())
                .isEqualTo("Use a ConcurrentHashMap in place of Hashtable, whose methods all take one lock.");
    }

    /** Each of four holds it for long in turn, at one place. */
    private static Story crowd(LockRef lock, String name, String... frames) {
        Story story = new Story();
        story.names.put(lock, name);
        for (int i = 0; i < 100; i++) {
            story.wait(i / 10.0, 250, WaitKind.MONITOR, lock, "user-" + i % 4, null, null, Story.stack(frames), true);
        }
        return story;
    }

    private static String change(Story story) {
        return story.check(0, 10).found().get(0).text().change();
    }

    @Test
    void aTextIsALockOfAllCodeThatHasIt() {
        LockRef text = new LockRef("java.lang.String", "6");

        assertThat(change(crowd(text, "com.acme.Mail.lock", "com.acme.Mail.send")))
                .contains("It is a String: all code of the program that has the same text has the same object")
                .contains("Lock a private final Object of its own in each class instead");
        assertThat(change(crowd(Story.MONITOR, "com.acme.Mail.lock", "com.acme.Mail.send")))
                .doesNotContain("String");
    }

    @Test
    void whatIsCopiedAtEachChangeIsToBeChangedInPlace() {
        LockRef inside = new LockRef("java.lang.Object", "7");
        String list = "java.util.concurrent.CopyOnWriteArrayList.add";

        assertThat(change(crowd(inside, "com.acme.Chat.users", list, "com.acme.Chat.join")))
                .startsWith("Chat.users copies all of its elements at each change, under one lock: use");
    }

    @Test
    void oneOfAnArrayForWhichAllWaitIsChosenWrong() {
        LockRef stripe = new LockRef("com.acme.Stripe", "8");
        String all =
                "All wait for one of Quotas.stripes[] and none for another: look at what chooses it, at Quotas.use(";

        assertThat(change(crowd(stripe, "com.acme.Quotas.stripes[]", "com.acme.Quotas.use")))
                .contains(all);
        Story two = crowd(stripe, "com.acme.Quotas.stripes[]", "com.acme.Quotas.use");
        LockRef other = new LockRef("com.acme.Stripe", "9");
        two.names.put(other, "com.acme.Quotas.stripes[]");
        two.wait(5, 100, WaitKind.MONITOR, other, "user-1", null, null, Story.stack("com.acme.Quotas.use"), true);
        assertThat(change(two)).doesNotContain("All wait for one");
    }
}
