// SPDX-License-Identifier: Apache-2.0
package io.lockjam.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.WebSocketRoute;
import com.microsoft.playwright.options.ColorScheme;
import io.lockjam.web.Dashboard;
import io.lockjam.web.DashboardConfig;
import io.lockjam.web.Job;
import io.lockjam.web.Watched;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the pages show when something is not as usual: gaps, strangers, wrong clocks, bad addresses, many threads, other targets. */
class StatesIT {
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

    private Watched watch(String id, int scale) {
        Watched target = new Watched(id, id, Watched.State.LIVE, new SyntheticReadings(scale, 600, true, Instant::now));
        dashboard.targets().add(target);
        return target;
    }

    private Page open() {
        return chromium.open(dashboard.url(), ColorScheme.DARK, 1600, 1000);
    }

    private static Locator link(Page page) {
        return page.locator(".top [role=status]");
    }

    @Test
    void aGapIsHatchedAndNotFilledIn() {
        watch("orders", 2);
        Page page = open();
        page.navigate(dashboard.address() + "/?t=600s");
        assertThat(link(page)).containsText("Live");

        Object hatched = page.evaluate("""
                async () => {
                  const { lanesOf } = await import('/assets/lanes.js');
                  const { page } = await import('/assets/page.js');
                  const canvas = document.getElementById('lanes'), painter = lanesOf(canvas);
                  const [gap] = page.history.gaps, ratio = canvas.width / canvas.getBoundingClientRect().width;
                  const colours = () => {
                    const x = Math.round(painter.x(gap.from) * ratio) + 1, wide = Math.round((painter.x(gap.to) - painter.x(gap.from)) * ratio) - 2;
                    const seen = canvas.getContext('2d').getImageData(x, 20, Math.max(1, wide), 200).data;
                    return new Set(Array.from({ length: seen.length / 4 }, (_, i) => seen.slice(4 * i, 4 * i + 3).join())).size;
                  };
                  const withGap = colours();
                  const kept = page.history.gaps;
                  page.history.gaps = [];
                  painter.paint();
                  const without = colours();
                  page.history.gaps = kept;
                  return withGap > without;
                }""");

        assertThat(hatched).isEqualTo(true);
        assertThat(chromium.faults).isEmpty();
    }

    @Test
    void aBrowserThatIsTooSlowIsTold() {
        watch("orders", 2);
        AtomicReference<WebSocketRoute> feed = new AtomicReference<>();
        Page page = chromium.open(
                dashboard.url(),
                ColorScheme.DARK,
                1600,
                1000,
                fresh -> fresh.routeWebSocket(url -> url.contains("/api/v1/ws"), route -> {
                    route.connectToServer();
                    feed.set(route);
                }));
        assertThat(link(page)).containsText("Live");
        feed.get().send("{\"type\": \"gap\", \"lost\": 3}");

        assertThat(page.locator(".toast")).containsText("The feed dropped 3 ticks");
        assertThat(page.evaluate("import('/assets/page.js').then(({ page }) => page.history.gaps.at(-1).reason)"))
                .isEqualTo("this browser was slow");
    }

    @Test
    void aTokenOfAnEarlierRunIsTurnedAwayWithTheWayOut() {
        watch("orders", 2);
        Page page = open();
        assertThat(link(page)).containsText("Live");
        int port = dashboard.port();
        dashboard.close();
        dashboard = Dashboard.start(DashboardConfig.loopback(port));

        assertThat(page.locator("#main")).containsText("Open the URL that it printed.");
    }

    @Test
    void aBrowserWithAWrongClockShowsTheTargetsTime() {
        watch("orders", 2);
        Page page = chromium.open(
                dashboard.url(),
                ColorScheme.DARK,
                1600,
                1000,
                fresh -> fresh.addInitScript("const now = Date.now; Date.now = () => now() + 3 * 86400000;"));
        assertThat(link(page)).containsText("Live");
        assertThat(page.locator(".lanes-panel header .muted")).containsText("threads");

        Number ahead = (Number) page.evaluate("import('/assets/page.js').then(({ view }) => view().to)");

        assertThat(Instant.ofEpochMilli(ahead.longValue()))
                .isBefore(Instant.now().plusSeconds(3_600));
        page.keyboard().press(" ");
        assertThat(link(page)).containsText("Paused");
        page.locator("nav a", new Page.LocatorOptions().setHasText("Locks")).click();
        assertThat(page.locator("tbody tr").first()).containsText("OrderBook.lock");
    }

    @Test
    void poolsAreFoldedToABandEachAndUnfoldAtAClick() {
        watch("orders", 2);
        Page page = open();
        page.navigate(dashboard.address() + "/timeline?rows=pools&order=name");
        Locator lanes = page.locator("#timeline");
        lanes.waitFor();
        Awaitility.await()
                .untilAsserted(() -> assertThat(page.evaluate("""
                        async () => {
                          const { lanesOf } = await import('/assets/lanes.js');
                          return (lanesOf(document.getElementById('timeline')).bands ?? []).map(pool => `${pool.name} ${pool.rows.length}`);
                        }"""))
                        .asInstanceOf(InstanceOfAssertFactories.LIST)
                        .startsWith("<img src=x onerror=alert(1)> 1", "db-conn-# 20", "http-exec-# 80"));

        lanes.hover(new Locator.HoverOptions().setPosition(400, 60));
        assertThat(page.locator(".caption")).containsText("db-conn-#, 20 threads");
        lanes.click(new Locator.ClickOptions().setPosition(400, 60));
        assertThat(page).hasURL(Pattern.compile("order=name&rows=lanes&group=db-conn"));
    }

    @Test
    void numbersThatAllThreadsOfAGroupShareStayInItsName() {
        Page page = open();

        assertThat(page.evaluate("""
                        import('/assets/format.js').then(({ commonName, matcher }) => {
                          const threads = ['http-nio-127.0.0.1-8080-exec-1', 'http-nio-127.0.0.1-8080-exec-12'], name = commonName(threads);
                          return [name, threads.filter(matcher(name)).length, matcher(name)('http-nio-127.0.0.1-8080-Poller')];
                        })""")).isEqualTo(List.of("http-nio-127.0.0.1-8080-exec-#", 2, false));
    }

    @Test
    void theJvmsOwnThreadsComeAfterThoseThatAreNoWorse() {
        Object groups = open().evaluate("""
                        Promise.all([import('/assets/history.js'), import('/assets/rows.js')]).then(([{ History }, { orderRows }]) => {
                          const history = new History();
                          const names = ['Finalizer', 'Common-Cleaner', 'Signal Dispatcher', 'worker-1', 'worker-2'];
                          history.tick({ at: 1000, s: 'SSSSS', threads: names.map((name, i) => [i, i, name, 'worker-#']) });
                          return orderRows(history, { from: 0, to: 2000 }, () => true).map(group => group.rows.length);
                        })""");

        assertThat(groups).isEqualTo(List.of(2, 3));
    }

    @Test
    void aThousandThreadsAreAllThere() {
        watch("orders", 10);
        Page page = open();

        assertThat(page.locator(".lanes-panel header .muted")).containsText("946 threads");
        page.navigate(dashboard.address() + "/threads");
        assertThat(page.locator("#main")).containsText("The first 300 of 946 threads");
        page.navigate(dashboard.address() + "/threads?q=http-exec-399");
        assertThat(page.locator("tbody tr")).hasCount(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/nowhere|There is no page /nowhere.",
                "/locks/none|Nobody waited for a lock none",
                "/pools/none|There is no pool none",
                "/threads/999999|There is no thread 999999",
                "/findings/none|There is no finding none",
                "/help/none|There is no help page",
                "/locks?t=9..99999999999|expected at most a day"
            })
    void aBadAddressIsAnsweredWithASentence(String path, String sentence) {
        watch("orders", 2);
        Page page = open();
        chromium.faults.clear();
        page.navigate(dashboard.address() + path);

        assertThat(page.locator("#main")).containsText(sentence);
        assertThat(page.locator("nav a").first()).isVisible();
    }

    @Test
    void longWorkShowsHowFarItIsAndCanBeCancelled() {
        Watched target =
                new Watched("file", "a.jfr", Watched.State.RECORDED, new SyntheticReadings(2, 600, true, Instant::now));
        AtomicBoolean cancelled = new AtomicBoolean();
        Job reading = new Job("Reading a.jfr", () -> cancelled.set(true));
        reading.at(120_000_000, 198_000_000);
        target.job(reading);
        dashboard.targets().add(target);
        Page page = open();

        Locator row = page.locator(".banner");
        assertThat(row).containsText("Reading a.jfr.");
        assertThat(row).containsText("120 MB of 198 MB");
        reading.at(150_000_000, 198_000_000);
        assertThat(row).containsText("150 MB of 198 MB");
        row.locator("button").click();
        Awaitility.await().untilTrue(cancelled);
        target.note("The reading of a.jfr was cancelled: the rest of it is not shown.");
        target.job(null);
        assertThat(row).containsText("was cancelled");
        assertThat(row.locator("button")).hasCount(0);
        assertThat(chromium.faults).isEmpty();
    }

    @Test
    void whatIsMissingIsSaidWithTheFlagThatWouldGiveIt() {
        Watched target = watch("orders", 2);
        target.note("Stacks of owners are missing: start the target with -XX:+DebugNonSafepoints.");

        assertThat(open().locator(".banner")).containsText("-XX:+DebugNonSafepoints");
    }

    @Test
    void anotherTargetIsOneChoiceAwayAndOneThatEndedKeepsItsMinutes() {
        Watched first = watch("orders", 2);
        Page page = open();
        assertThat(link(page)).containsText("Live");
        assertThat(page.locator("select.who")).hasCount(0);
        watch("billing", 2);
        assertThat(page.locator("select.who option")).hasCount(2);
        assertThat(page.locator("select.who option").first()).not().containsText("⬣");
        assertThat(page.locator("select.who option").nth(1)).containsText("⬣ 1 ▲");
        first.ended("orders exited (code 137).");
        assertThat(page.locator(".banner")).containsText("orders exited (code 137).");

        page.locator("select.who").selectOption("billing");
        assertThat(link(page)).containsText("Live");
        page.locator("select.who").selectOption("orders");
        assertThat(link(page)).containsText("Ended");
        assertThat(page.locator("#main")).containsText("at the end");
        page.locator("nav a", new Page.LocatorOptions().setHasText("Locks")).click();
        assertThat(page.locator("tbody tr").first()).containsText("OrderBook.lock");
        assertThat(chromium.faults).isEmpty();
    }

    @Test
    void ourOwnThreadsShowOnRequestOnly() {
        watch("orders", 2);
        Page page = open();
        page.navigate(dashboard.address() + "/threads?q=lockjam");
        assertThat(page.locator("#main")).containsText("No thread matches ‘lockjam’");
        page.keyboard().press("o");

        assertThat(page.locator("tbody tr")).hasCount(1);
        assertThat(page.locator("tbody tr")).containsText("Lockjam ticker");
        page.keyboard().press("g");
        page.keyboard().press("t");
        assertThat(page.locator("#main option", new Page.LocatorOptions().setHasText("Lockjam and JFR")))
                .hasCount(1);
        page.locator(".cost button").click();
        assertThat(page.locator("#main option", new Page.LocatorOptions().setHasText("Lockjam and JFR")))
                .hasCount(0);
    }

    @Test
    void aFindingsLanesLeadFromItsWaitersToTheOwnerOnTop() {
        watch("orders", 2);
        Page page = open();
        page.locator(".card.warning h2 a").click();
        assertThat(page.locator("#finding-lanes")).isVisible();

        Object lanes = page.evaluate("""
                () => import('/assets/lanes.js').then(({ lanesOf }) => {
                  const painter = lanesOf(document.getElementById('finding-lanes'));
                  return [painter.rows[0].thread.name, painter.drawn > 0];
                })""");

        assertThat(lanes).isEqualTo(List.of("http-exec-18", true));
    }

    @Test
    void aLockSaysHowLongItWasHeldAndWhichLineHeldUpWhich() {
        watch("orders", 2);
        Page page = open();
        page.navigate(dashboard.address() + "/locks/monitor-7f3a11");

        assertThat(page.locator("#main")).containsText("4 holds between two grants that were kept");
        assertThat(page.locator("#holds")).isVisible();
        Locator cell = page.locator(".matrix tr", new Page.LocatorOptions().setHasText("cancel"))
                .last()
                .locator("td");
        assertThat(cell).hasCount(2);
        assertThat(cell.last()).hasText("–");
    }

    @Test
    void twoRangesHaveOneFlameGraphOfWhatChanged() {
        watch("orders", 2);
        Page page = open();
        Object merged = page.evaluate("""
                () => import('/assets/flame.js').then(({ difference }) => {
                  const leaf = (n, v) => ({ n, v, k: 'lock', c: [] });
                  const graph = (seconds, ...c) => ({ seconds, root: { n: 'all', v: c.reduce((sum, x) => sum + x.v, 0), k: 'code', c } });
                  const both = difference(graph(10, leaf('gone', 100), leaf('same', 50)), graph(20, leaf('same', 100), leaf('fresh', 20)));
                  return both.c.map(node => `${node.n} ${node.v} ${node.d}`);
                })""");
        assertThat(merged).isEqualTo(List.of("gone 10 -1", "same 10 0", "fresh 1 1"));

        page.navigate(dashboard.address() + "/compare");
        assertThat(page.locator("#difference")).isVisible();
        assertThat(chromium.faults).isEmpty();
    }
}
