// SPDX-License-Identifier: Apache-2.0
package io.lockjam.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import io.lockjam.web.Dashboard;
import io.lockjam.web.DashboardConfig;
import io.lockjam.web.Watched;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every page, in both themes and three sizes: usable by everybody, nothing refused, nothing off this machine. */
class PagesIT {
    private static Dashboard dashboard;
    private static Chromium chromium;

    @BeforeAll
    static void start() {
        dashboard = Dashboard.start(DashboardConfig.loopback(0));
        SyntheticReadings readings = new SyntheticReadings(2, 600, true, Instant::now);
        dashboard.targets().add(new Watched("order-service", "order-service · 4711", Watched.State.LIVE, readings));
        chromium = new Chromium();
    }

    @AfterAll
    static void stop() {
        chromium.close();
        dashboard.close();
    }

    static Stream<Arguments> pages() {
        SyntheticReadings readings = new SyntheticReadings(2, 600, true, Instant::now);
        String finding = readings.findings().get(1).id();
        long thread = readings.all().named("http-exec-18").id();
        return Stream.of(
                        "/",
                        "/?rows=lanes",
                        "/findings",
                        "/findings/" + finding,
                        "/timeline",
                        "/locks",
                        "/locks?group=owner",
                        "/locks/monitor-7f3a11",
                        "/pools",
                        "/pools/p-1",
                        "/queues",
                        "/queues/q-1",
                        "/threads",
                        "/threads?group=pool",
                        "/threads/" + thread,
                        "/races",
                        "/stacks",
                        "/stacks?reverse=1",
                        "/compare",
                        "/recordings",
                        "/help",
                        "/help/deadlock",
                        "/help/littles-law",
                        "/help/api",
                        "/nowhere")
                .map(Arguments::of);
    }

    @ParameterizedTest
    @MethodSource("pages")
    void isUsableByEverybody(String path) {
        for (ColorScheme scheme : List.of(ColorScheme.DARK, ColorScheme.LIGHT)) {
            Page page = chromium.open(dashboard.url(), scheme, 1600, 1000);
            open(page, path);

            assertThat(new AxeBuilder(page).analyze().getViolations())
                    .as(path + " in " + scheme)
                    .extracting(violation -> violation.getId() + " "
                            + violation.getNodes().get(0).getHtml())
                    .isEmpty();
            for (int[] size : new int[][] {{1280, 720}, {700, 900}}) {
                page.setViewportSize(size[0], size[1]);
                assertThat(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
                        .as(path + " fits " + size[0])
                        .isEqualTo(true);
            }
            page.context().close();
        }
        assertThat(chromium.faults).isEmpty();
    }

    private static void open(Page page, String path) {
        page.navigate(dashboard.address() + path);
        page.waitForSelector(
                "#main h1",
                new Page.WaitForSelectorOptions()
                        .setState(com.microsoft.playwright.options.WaitForSelectorState.ATTACHED));
        // Not waitForFunction: it evaluates text in the page, which the content security policy forbids.
        com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat(page.locator("#main [role=status]"))
                .hasCount(0);
    }
}
