// SPDX-License-Identifier: Apache-2.0
package io.lockjam.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import io.lockjam.web.Dashboard;
import io.lockjam.web.DashboardConfig;
import io.lockjam.web.RaceSearch;
import io.lockjam.web.Watched;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The way of a user, and the states a page can be in. */
class WalkIT {
    @RegisterExtension
    static final OneBrowser BROWSER = new OneBrowser();

    private final Chromium chromium = BROWSER.chromium();
    private Dashboard dashboard;

    @BeforeEach
    void serve() {
        chromium.faults.clear();
        dashboard = Dashboard.start(DashboardConfig.loopback(0));
    }

    @AfterEach
    void close() {
        chromium.closePages();
        dashboard.close();
    }

    private Watched watch(int seconds, boolean trouble) {
        Watched target = new Watched(
                "order-service",
                "order-service",
                Watched.State.LIVE,
                new SyntheticReadings(2, seconds, trouble, Instant::now));
        dashboard.targets().add(target);
        return target;
    }

    private Page open() {
        return chromium.open(dashboard.url(), ColorScheme.DARK, 1600, 1000);
    }

    @Test
    void leadsFromTheVerdictToTheFindingItsLockItsOwnerAndBackInTime() {
        watch(600, true);
        Page page = open();

        assertThat(page.locator(".verdict")).containsText("wait for each other's Account lock");
        page.locator(".card.warning h2 a").click();
        assertThat(page.locator("#main h1")).containsText("held 8 s by http-exec-18");
        assertThat(page.locator(".stack .named").first()).containsText("PaymentClient.post");
        page.locator(".said a", new Page.LocatorOptions().setHasText("OrderBook.lock"))
                .click();
        assertThat(page.locator("#main h1")).containsText("OrderBook.lock");
        page.locator(".rank a", new Page.LocatorOptions().setHasText("http-exec-18"))
                .click();
        assertThat(page.locator("#main h1")).hasText("http-exec-18");
        page.keyboard().press("g");
        page.keyboard().press("t");
        assertThat(page.locator("#main h1")).hasText("Timeline");
        page.keyboard().press("ArrowLeft");
        assertThat(page.locator(".top [role=status]")).containsText("Paused");

        String shown = page.locator("#main h2").first().textContent();
        Page other = page.context().newPage();
        other.navigate(page.url());
        assertThat(other.locator("#main h2").first()).hasText(shown);
        assertThat(chromium.faults).isEmpty();
    }

    @Test
    void pausesEverythingAndComesBackToLive() {
        watch(600, true);
        Page page = open();
        Locator link = page.locator(".top [role=status]");
        assertThat(link).containsText("Live");
        page.keyboard().press(" ");
        assertThat(link).containsText("Paused");
        assertThat(page).hasURL(Pattern.compile("t=\\d+\\.\\.\\d+"));
        String range = page.locator("#range").inputValue();
        assertThat(link).containsText("behind"); // time has gone on
        assertThat(page.locator("#range")).hasValue(range);
        page.keyboard().press("End");
        assertThat(link).containsText("Live");
    }

    @Test
    void showsNamesOfTheTargetAsText() {
        watch(600, true);
        Page page = open();
        page.navigate(dashboard.address() + "/threads");
        assertThat(page.locator("#main")).containsText("100,000 alive");
        assertThat(page.locator("#main")).containsText("Gateway.<permits>");
        assertThat(page.locator("#main")).containsText("<b>answer</b>-7");
        page.navigate(dashboard.address() + "/threads?q=onerror");

        assertThat(page.locator("tbody a").first()).hasText(SyntheticThreads.HOSTILE);
        assertThat(page.locator("#main img").count()).isZero();
        assertThat(chromium.faults).isEmpty();
    }

    @Test
    void saysThatAllIsWell() {
        watch(600, false);

        assertThat(open().locator(".verdict")).containsText("All threads make progress");
    }

    @Test
    void saysThatItIsLearning() {
        watch(4, false);

        assertThat(open().locator(".verdict")).containsText("Learning what is normal");
    }

    @Test
    void saysThatDataWillCome() {
        watch(0, false);

        assertThat(open().locator(".verdict")).containsText("First data in 1 s");
    }

    @Test
    void offersToClearAFilterThatMatchesNothing() {
        watch(600, true);
        Page page = open();
        page.navigate(dashboard.address() + "/threads?q=nobody");

        assertThat(page.locator("#main")).containsText("No thread matches ‘nobody’");
        page.locator("#main button", new Page.LocatorOptions().setHasText("Clear the filter"))
                .click();
        assertThat(page.locator("tbody tr").first()).isVisible();
    }

    @Test
    void keepsTheLastMinutesOfATargetThatEnded() {
        Watched target = watch(600, true);
        Page page = open();
        assertThat(page.locator(".top [role=status]")).containsText("Live");
        target.ended("order-service exited (code 137) at 07:31:02.");

        assertThat(page.locator(".banner")).containsText("order-service exited (code 137)");
        page.locator("nav a", new Page.LocatorOptions().setHasText("Locks")).click();
        assertThat(page.locator("tbody tr").first()).containsText("OrderBook.lock");
    }

    @Test
    void saysThatTheConnectionIsLost() {
        watch(600, true);
        Page page = open();
        assertThat(page.locator(".top [role=status]")).containsText("Live");
        dashboard.close();

        assertThat(page.locator(".banner")).containsText("Lost the connection");
        assertThat(page.locator(".verdict")).containsText("Account lock");
    }

    @Test
    void comesBackByItselfWhenTheServerIsThereAgain() {
        DashboardConfig same = DashboardConfig.loopback(0);
        Page page;
        int port;
        try (Dashboard before = Dashboard.start(same)) {
            before.targets().add(new Watched("a", "a", Watched.State.LIVE, readings()));
            page = chromium.open(before.url(), ColorScheme.DARK, 1600, 1000);
            assertThat(page.locator(".top [role=status]")).containsText("Live");
            port = before.port();
        }
        assertThat(page.locator(".banner")).containsText("Lost the connection");

        DashboardConfig again = new DashboardConfig(same.bind(), port, same.token(), same.hosts());
        try (Dashboard after = Dashboard.start(again)) {
            after.targets().add(new Watched("a", "a", Watched.State.LIVE, readings()));
            assertThat(page.locator(".top [role=status]")).containsText("Live");
        }
    }

    private static SyntheticReadings readings() {
        return new SyntheticReadings(2, 600, true, Instant::now);
    }

    @Test
    void claimsNothingBeforeThereAreData() {
        Page page = open();

        assertThat(page.locator(".verdict dd").first()).hasText("–");
        assertThat(page.locator(".graph")).containsText("Not known yet");
        assertThat(page.locator("#main")).not().containsText("✓");
    }

    @Test
    void opensARecordingAndComparesItWithTheLiveTarget() {
        watch(600, true);
        dashboard.targets().add(new Watched("file", "before.jfr", Watched.State.RECORDED, readings()));
        Page page = open();

        page.locator("nav a", new Page.LocatorOptions().setHasText("Recordings"))
                .click();
        page.locator("#main button", new Page.LocatorOptions().setHasText("before.jfr"))
                .click();
        assertThat(page.locator(".top [role=status]")).containsText("Recording");
        page.locator("nav a", new Page.LocatorOptions().setHasText("Compare")).click();
        page.locator("#main button", new Page.LocatorOptions().setHasText("Take the shown range as A"))
                .click();
        assertThat(page).hasURL(Pattern.compile("a=file(@|%40)\\d+\\.\\.\\d+"));
        assertThat(page.locator("#main tbody tr").first()).containsText("OrderBook.lock");
        assertThat(chromium.faults).isEmpty();
    }

    @Test
    void saysWhatTheSearchForRacesCannotSee() {
        Watched target = watch(600, true);
        target.races(() -> new RaceSearch(
                "classes com.acme.* are watched in turn",
                true,
                40,
                12,
                3,
                900,
                2,
                List.of("com.acme.Odd: too large"),
                1,
                List.of("com.acme.Main.loop")));
        Page page = open();
        page.navigate(dashboard.address() + "/races");

        assertThat(page.locator("#main")).containsText("Classes com.acme.* are watched in turn.");
        assertThat(page.locator("#main")).containsText("12 of 40");
        assertThat(page.locator("#main section").first()).containsText("Counter.value at Counter.add");
        assertThat(page.locator("#main details").last()).containsText("com.acme.Main.loop");
    }

    @Test
    void writesUnitsAsPeopleRead() {
        watch(600, true);
        Object texts = open().evaluate("async () => { const f = await import('/assets/format.js'); return ["
                + "f.nanos(812), f.nanos(3400), f.nanos(12e6), f.nanos(8.1e9), f.nanos(387e9), f.nanos(7500e9), f.nanos(null),"
                + "f.digits(-0.004), f.share(0.004), f.share(0.5), f.count(1090), f.threadSeconds(1090e9), f.parseSpan('5m'),"
                + "f.targetName({mainClass: '/opt/order-service.jar', pid: 42}), f.targetName({mainClass: 'com.acme.Main', pid: 7}),"
                + "f.place({class: 'com.acme.Cache$Entry', method: 'put', file: 'Cache.java', line: 42})]"
                + ".map(t => String(t).replaceAll('\\u00a0', ' ')); }");

        assertThat(texts)
                .isEqualTo(List.of(
                        "812 ns",
                        "3.4 µs",
                        "12 ms",
                        "8.1 s",
                        "6 min 27 s",
                        "2 h 5 min",
                        "–",
                        "0",
                        "0.4 %",
                        "50 %",
                        "1,090",
                        "1,090 thread-s",
                        "300",
                        "order-service.jar · 42",
                        "Main · 7",
                        "Cache.Entry.put (Cache.java:42)"));
    }
}
