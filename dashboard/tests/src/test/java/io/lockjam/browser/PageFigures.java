// SPDX-License-Identifier: Apache-2.0
package io.lockjam.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import io.lockjam.web.Dashboard;
import io.lockjam.web.DashboardConfig;
import io.lockjam.web.Watched;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Measures what the page costs and prints it; no part of the suite, since figures depend on the machine.
 *
 * <p>{@code mvn verify -pl dashboard/tests -am -Dit.test=PageFigures -Dfailsafe.failIfNoSpecifiedTests=false -DskipUTs}
 */
class PageFigures {
    private static final int TICKS = 20;
    private static final int TABS = 20;

    @Test
    void printsThem() {
        try (Chromium chromium = new Chromium();
                Dashboard thousand = serve(10);
                Dashboard fiveThousand = serve(50)) {
            load(chromium.open(thousand.url(), ColorScheme.DARK, 1600, 1000));
            tick(chromium.open(thousand.url(), ColorScheme.DARK, 1600, 1000));
            chromium.closePages();
            lanes(chromium.open(fiveThousand.url(), ColorScheme.DARK, 1600, 1000));
            chromium.closePages();
            tabs(chromium.open(thousand.url(), ColorScheme.DARK, 1600, 1000));
            say("faults", String.valueOf(chromium.faults));
        }
    }

    private static Dashboard serve(int scale) {
        Dashboard dashboard = Dashboard.start(DashboardConfig.loopback(0));
        dashboard
                .targets()
                .add(new Watched(
                        "orders", "orders", Watched.State.LIVE, new SyntheticReadings(scale, 900, true, Instant::now)));
        return dashboard;
    }

    private static void say(String what, Object value) {
        System.out.println("figure: " + what + ": " + value);
    }

    /** A cold page: nothing in the browser's cache. */
    private static void load(Page page) {
        live(page);
        say("first paint, first data in ms", page.evaluate("""
                [performance.getEntriesByName('first-contentful-paint')[0]?.startTime,
                 performance.getEntriesByType('resource').find(e => e.name.includes('/bootstrap'))?.responseEnd].map(Math.round)"""));
        say("bytes of the page without data, then of the history", page.evaluate("""
                (() => { const all = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')];
                  const bytes = some => some.reduce((sum, e) => sum + e.transferSize, 0);
                  return [bytes(all.filter(e => !e.name.includes('/api/'))), bytes(all.filter(e => e.name.includes('/bootstrap')))]; })()"""));
    }

    private static void live(Page page) {
        assertThat(page.locator(".top [role=status]")).containsText("Live");
    }

    /** Time of the page's main thread for each second of data. */
    private static void tick(Page page) {
        live(page);
        CDPSession tools = page.context().newCDPSession(page);
        JsonObject ofTheThread = new JsonObject(); // time on a core: other programs of the machine do not count
        ofTheThread.addProperty("timeDomain", "threadTicks");
        tools.send("Performance.enable", ofTheThread);
        page.waitForTimeout(3_000); // the first picture is not a tick
        Map<String, Double> before = metrics(tools);
        page.waitForTimeout(TICKS * 1_000.0);
        Map<String, Double> after = metrics(tools);
        for (String name : List.of("ScriptDuration", "LayoutDuration", "RecalcStyleDuration", "TaskDuration")) {
            say(name + " a tick in ms", Math.round((after.get(name) - before.get(name)) * 10_000.0 / TICKS) / 10.0);
        }
        say("JavaScript heap in MB", Math.round(after.get("JSHeapUsedSize") / 1e6));
    }

    private static Map<String, Double> metrics(CDPSession tools) {
        Map<String, Double> metrics = new java.util.HashMap<>();
        for (JsonElement each : tools.send("Performance.getMetrics").getAsJsonArray("metrics")) {
            metrics.put(
                    each.getAsJsonObject().get("name").getAsString(),
                    each.getAsJsonObject().get("value").getAsDouble());
        }
        return metrics;
    }

    /** One picture of 5,000 threads over 15 minutes. */
    private static void lanes(Page page) {
        page.navigate(page.url() + "?t=900s");
        live(page);
        say(
                "threads, and ms of one picture of 15 min of them, nothing kept from the last one: least, median",
                page.evaluate("""
                async () => {
                  const { lanesOf } = await import('/assets/lanes.js');
                  const { page } = await import('/assets/page.js');
                  const painter = lanesOf(document.getElementById('lanes')), took = [];
                  for (let i = 0; i < 31; i++) { painter.strips = null; const from = performance.now(); painter.paint(); took.push(performance.now() - from); }
                  took.sort((a, b) => a - b);
                  return [page.history.threads.length, took[0], took[15]];
                }"""));
    }

    private static void tabs(Page first) {
        List<Page> open = new ArrayList<>(List.of(first));
        for (int i = 1; i < TABS; i++) {
            Page page = first.context().newPage();
            page.navigate(first.url());
            open.add(page);
        }
        open.forEach(PageFigures::live);
        say("tabs that are live", open.size());
    }
}
