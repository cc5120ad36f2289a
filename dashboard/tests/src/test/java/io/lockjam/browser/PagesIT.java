// SPDX-License-Identifier: Apache-2.0
package io.lockjam.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import io.lockjam.web.Dashboard;
import io.lockjam.web.DashboardConfig;
import io.lockjam.web.Watched;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Every page, in both themes and three sizes: usable by everybody, nothing refused, nothing off this machine. One browser, one server. */
class PagesIT {
    @RegisterExtension
    static final OneBrowser BROWSER = new OneBrowser();

    /** Tables that are wider than their place. */
    private static final String CUT_OFF = """
            () => [...document.querySelectorAll('.table-box')].filter(box => box.scrollWidth > box.clientWidth).map(box => box.ariaLabel)""";

    private static Dashboard dashboard;
    private final Chromium chromium = BROWSER.chromium();

    @BeforeAll
    static void start() {
        dashboard = Dashboard.start(DashboardConfig.loopback(0));
        SyntheticReadings readings = new SyntheticReadings(2, 600, true, Instant::now);
        dashboard.targets().add(new Watched("order-service", "order-service · 4711", Watched.State.LIVE, readings));
    }

    @AfterAll
    static void stop() {
        dashboard.close();
    }

    /** Each view once; what differs only by its rows is left to the walk. */
    static List<String> pages() {
        SyntheticReadings readings = new SyntheticReadings(2, 600, true, Instant::now);
        return List.of(
                "/",
                "/findings",
                "/findings/" + readings.findings().get(1).id(),
                "/timeline",
                "/locks",
                "/locks/monitor-7f3a11",
                "/pools",
                "/pools/p-1",
                "/queues",
                "/queues/q-1",
                "/threads",
                "/threads?group=pool",
                "/threads/" + readings.all().named("http-exec-18").id(),
                "/races",
                "/stacks",
                "/compare",
                "/recordings",
                "/help",
                "/help/deadlock",
                "/nowhere");
    }

    @ParameterizedTest
    @EnumSource(
            value = ColorScheme.class,
            names = {"DARK", "LIGHT"})
    void isUsableByEverybody(ColorScheme scheme) {
        Page page = chromium.open(dashboard.url(), scheme, 1600, 1000);
        SoftAssertions all = new SoftAssertions();
        for (String path : pages()) {
            open(page, path);
            all.assertThat(new AxeBuilder(page).analyze().getViolations())
                    .as(path)
                    .extracting(violation -> violation.getId() + " "
                            + violation.getNodes().get(0).getHtml())
                    .isEmpty();
        }
        page.context().close();
        all.assertThat(chromium.faults).isEmpty();
        all.assertAll();
    }

    /** Which theme it is changes no width. */
    @ParameterizedTest
    @CsvSource({"1280, 720", "700, 900", "390, 844"})
    void fitsSmallerWindows(int width, int height) {
        Page page = chromium.open(dashboard.url(), ColorScheme.DARK, width, height);
        SoftAssertions all = new SoftAssertions();
        for (String path : pages()) {
            open(page, path);
            all.assertThat(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
                    .as(path)
                    .isEqualTo(true);
            if (width >= 1_280) {
                all.assertThat(page.evaluate(CUT_OFF)).as("tables of " + path).isEqualTo(List.of());
            }
        }
        page.context().close();
        all.assertAll();
    }

    /** Neither the page that makes the file nor the file itself may ask for what its own policy refuses. */
    @Test
    void exportsAViewAsOneFileThatOpensOffline(@TempDir Path folder) throws IOException {
        Page page = chromium.open(dashboard.url(), ColorScheme.LIGHT, 1600, 1000);
        Page offline = page.context().newPage();
        List<String> said = new ArrayList<>();
        offline.onConsoleMessage(message -> said.add(message.text()));
        offline.onRequest(request -> {
            if (!request.url().matches("(file|data):.*")) {
                said.add(request.url());
            }
        });
        for (String path : List.of("/", "/locks/monitor-7f3a11", "/pools/p-1", "/threads", "/compare")) {
            open(page, path);
            String file = (String) page.evaluate("import('/assets/export.js').then(made => made.snapshot())");
            assertThat(file)
                    .as(path)
                    .startsWith("<!doctype html>")
                    .contains("default-src 'none'")
                    .doesNotContain("<script", "href=\"/", "src=\"/");
            Path saved = Files.writeString(folder.resolve("view.html"), file);
            offline.navigate(saved.toUri().toString());
            assertThat(offline.locator("h1").first().textContent())
                    .isEqualTo(page.locator("h1").first().textContent());
            assertThat(offline.locator(".segments, .card footer, .hint").count())
                    .as("what a file without a script cannot do")
                    .isZero();
            assertThat(offline.evaluate("getComputedStyle(document.body).marginTop"))
                    .isEqualTo("0px");
        }
        assertThat(said).isEmpty();
        assertThat(chromium.faults).isEmpty();
        page.context().close();
    }

    @Test
    void forgetsTheLanesOfThreadsThatEndedFirst() {
        Page page = chromium.open(dashboard.url(), ColorScheme.LIGHT, 800, 600);

        Object rows = page.evaluate("""
                import('/assets/history.js').then(({ History }) => {
                  const history = new History();
                  for (let second = 0; second < 200; second++) {
                    const threads = Array.from({ length: 100 }, (_, i) => [i, second * 100 + i, `job-${second}-${i}`, 'job-#']);
                    history.tick({ at: second * 1000, s: 'R'.repeat(100), threads });
                  }
                  return [history.threads.length <= 8100, history.threads.at(-1).name, history.letter(history.threads.length - 1, 199), history.counts[0].R];
                })""");

        assertThat(rows).isEqualTo(List.of(true, "job-199-99", "R", 100));
        page.context().close();
    }

    /** Held up for less than a fifth of a second: a thread that is idle besides does not run. */
    @Test
    void countsWhoIsHeldUpForAMomentAsWhatItDoesBesides() {
        Page page = chromium.open(dashboard.url(), ColorScheme.LIGHT, 800, 600);

        Object counts = page.evaluate("""
                Promise.all([import('/assets/history.js'), import('/assets/rows.js'), import('/assets/format.js')]).then(([{ History }, { bandWords }, { laneWords }]) => {
                  const history = new History();
                  history.tick({ at: 1000, s: 'bmklB', threads: [...'bmklB'].map((letter, i) => [i, i, `w-${i}`, 'w-#']) });
                  const words = bandWords({ rows: [0, 1, 2, 3, 4].map(slot => ({ slot })) }, history.columns[0]);
                  return [history.counts[0].R, history.counts[0].W, history.blocked(0), words.running, words.idle, words.heldUp, laneWords('m')];
                })""");

        assertThat(counts)
                .isEqualTo(List.of(
                        2,
                        2,
                        1,
                        2,
                        2,
                        1,
                        "idle, not held up; for less than a fifth of the second blocked on a monitor"));
        page.context().close();
    }

    @Test
    void linksLeadToPagesThatThereAre() {
        Page page = chromium.open(dashboard.url(), ColorScheme.LIGHT, 800, 600);

        Object links = page.evaluate("""
                Promise.all([import('/assets/views/parts.js'), import('/assets/vendor/lit-html.js')]).then(([{ threadLink, lockLink }, { render }]) => {
                  const link = template => { const box = document.createElement('p'); render(template, box); return box.querySelector('a')?.pathname ?? box.textContent; };
                  return [link(threadLink({ id: 7, name: 'main' })), link(threadLink({ id: 8, name: 'virtual #8', virtual: true })), link(lockLink('monitor-1', 'A')), link(lockLink('queue-77', 'B'))];
                })""");

        assertThat(links).isEqualTo(List.of("/threads/7", "virtual #8", "/locks/monitor-1", "/queues/queue-77"));
        page.context().close();
    }

    /** Chart.js breaks a line at a point without a value, however short the gap. */
    @Test
    void aSecondWithoutAReadingBreaksNoLine() {
        Page page = chromium.open(dashboard.url(), ColorScheme.LIGHT, 800, 600);

        Object points = page.evaluate("""
                import('/assets/charts.js').then(({ drawn }) => drawn({ xLinear: true }, { data: [{ x: 1, y: 5 }, { x: 2, y: null }, { x: 3, y: 0 }] }).map(point => point.x))""");

        assertThat(points).isEqualTo(List.of(1, 3));
        page.context().close();
    }

    @Test
    void locksOfOneNameAtOneLineAreOneRow() {
        Page page = chromium.open(dashboard.url(), ColorScheme.LIGHT, 800, 600);

        Object rows = page.evaluate("""
                import('/assets/views/parts.js').then(({ alike }) => {
                  const lock = (id, name, lost, waitP99) => ({ id, kind: 'lock', class: 'ReentrantLock', name, lost, waitP99, sites: [] });
                  const rows = alike([lock('a', 'Wire.lock', 2, 9), lock('b', 'Wire.lock', 5, 4), lock('c', 'Store.lock', 1, 1)]);
                  return rows.map(row => [row.id, row.alike ?? 1, row.lost, row.waitP99].join(' '));
                })""");

        assertThat(rows).isEqualTo(List.of("b 2 7 9", "c 1 1 1"));
        page.context().close();
    }

    /** Goes to another page as a link does: the shell stays, so that a page costs a fraction of a second. */
    static void open(Page page, String path) {
        page.evaluate("""
                path => {
                  history.pushState(null, '', path);
                  dispatchEvent(new PopStateEvent('popstate'));
                  return new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)));
                }""", path);
        page.waitForSelector(
                "#main h1",
                new Page.WaitForSelectorOptions()
                        .setState(com.microsoft.playwright.options.WaitForSelectorState.ATTACHED));
        // Not waitForFunction: it evaluates text in the page, which the content security policy forbids.
        com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat(page.locator("#main [role=status]"))
                .hasCount(0);
    }
}
