// SPDX-License-Identifier: Apache-2.0
package io.lockjam.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.microsoft.playwright.ElementHandle;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import io.lockjam.web.Dashboard;
import io.lockjam.web.DashboardConfig;
import io.lockjam.web.Watched;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The keyboard alone, colours seen otherwise, and no motion for who wants none. */
class AccessIT {
    @RegisterExtension
    static final OneBrowser BROWSER = new OneBrowser();

    /** Of 100 between black and white in OKLab; neighbours of a palette found by search are at 13 and more. */
    private static final double LEAST_DISTANCE = 8;

    private static Dashboard dashboard;
    private final Chromium chromium = BROWSER.chromium();

    @BeforeAll
    static void start() {
        dashboard = Dashboard.start(DashboardConfig.loopback(0));
        SyntheticReadings readings = new SyntheticReadings(1, 600, true, Instant::now);
        dashboard.targets().add(new Watched("order-service", "order-service · 4711", Watched.State.LIVE, readings));
    }

    @AfterAll
    static void stop() {
        dashboard.close();
    }

    @AfterEach
    void closePages() {
        chromium.closePages();
    }

    /** Pages with all kinds of control; lists are filtered so that a walk is short. */
    private static List<String> pages() {
        SyntheticReadings readings = new SyntheticReadings(1, 600, true, Instant::now);
        return List.of(
                "/",
                "/findings",
                "/findings/" + readings.findings().get(1).id(),
                "/timeline?q=http-exec-18",
                "/locks",
                "/locks/monitor-7f3a11",
                "/pools/p-1",
                "/threads?q=order-worker-1",
                "/stacks?q=OrderService",
                "/compare",
                "/recordings");
    }

    /** Time stands still meanwhile: what is on the page when the walk begins is what must be reached. */
    @Test
    void everyControlIsReachedByTabAndShowsThatItHasTheFocus() {
        Page page = chromium.open(dashboard.url(), ColorScheme.DARK, 1600, 1000);
        assertThat(page.locator(".top [role=status]")).containsText("Live");
        page.keyboard().press(" ");
        SoftAssertions all = new SoftAssertions();
        for (String path : pages()) {
            PagesIT.open(page, path);
            Object missed = page.evaluate("""
                    () => {
                      document.activeElement.blur();
                      const shown = e => e.checkVisibility() && !e.disabled;
                      window.left = new Set([...document.querySelectorAll('a[href], button, input, select, summary, [tabindex="0"]')].filter(shown));
                      window.bare = [];
                      return window.left.size;
                    }""");
            int controls = ((Number) missed).intValue();
            for (int i = 0; i <= controls; i++) {
                page.keyboard().press("Tab");
                page.evaluate("""
                        () => {
                          const at = document.activeElement, look = getComputedStyle(at);
                          window.left.delete(at);
                          if (at !== document.body && (look.outlineStyle === 'none' || parseFloat(look.outlineWidth) < 1)) window.bare.push(at.outerHTML.slice(0, 90));
                        }""");
            }
            // what the page has replaced meanwhile cannot be reached any more
            all.assertThat(page.evaluate(
                            "[...window.left].filter(e => e.isConnected).map(e => e.outerHTML.slice(0, 90))"))
                    .as(path + ": not reached")
                    .isEqualTo(List.of());
            all.assertThat(page.evaluate("window.bare"))
                    .as(path + ": without a visible focus")
                    .isEqualTo(List.of());
        }
        all.assertAll();
    }

    @Test
    void keysAreShownOnRequestAndEscapeClosesWhatIsOpen() {
        Page page = chromium.open(dashboard.url(), ColorScheme.DARK, 1600, 1000);
        assertThat(page.locator(".card")).hasCount(4);
        page.keyboard().press("?");
        assertThat(page.locator("#keys")).containsText("pause or resume");
        page.keyboard().press("Escape");
        assertThat(page.locator("#keys")).not().isVisible();

        page.keyboard().press("j");
        page.keyboard().press("Enter");
        assertThat(page.locator("#main h1")).containsText("wait for each other");
        page.locator(".mute summary").press("Enter");
        page.locator("#mute-reason").press("Escape");
        assertThat(page.locator("#mute-reason")).not().isVisible();
        assertThat(page.locator(".mute summary")).isFocused();
    }

    @Test
    void nothingMovesForWhoWantsNoMotion() {
        Page page = chromium.open(dashboard.url(), ColorScheme.DARK, 1600, 1000);
        page.emulateMedia(new Page.EmulateMediaOptions().setReducedMotion(ReducedMotion.REDUCE));
        assertThat(page.locator(".top [role=status]")).containsText("Live");

        assertThat(page.evaluate("""
                document.getAnimations().length === 0 && [...document.querySelectorAll('*')].every(e => getComputedStyle(e).transitionDuration === '0s')""")).isEqualTo(true);
    }

    /** Idle and asleep recede on purpose and may look alike. */
    @ParameterizedTest
    @EnumSource(
            value = ColorScheme.class,
            names = {"DARK", "LIGHT"})
    void statesAreToldApartHoweverColoursAreSeen(ColorScheme scheme) throws IOException {
        Page page = chromium.open(dashboard.url(), scheme, 1600, 1000);
        Locator shown = page.locator(".legend button:not(:nth-last-child(-n+2)) .swatch");
        shown.first().waitFor();
        List<ElementHandle> swatches = shown.elementHandles();
        SoftAssertions all = new SoftAssertions();
        List<List<double[]>> seen = new ArrayList<>();
        for (String vision : List.of("none", "protanopia", "deuteranopia", "tritanopia")) {
            JsonObject type = new JsonObject();
            type.addProperty("type", vision);
            page.context().newCDPSession(page).send("Emulation.setEmulatedVisionDeficiency", type);
            List<double[]> colours = new ArrayList<>();
            for (ElementHandle swatch : swatches) {
                BufferedImage image = ImageIO.read(new ByteArrayInputStream(swatch.screenshot()));
                colours.add(okLab(image.getRGB(image.getWidth() / 2, image.getHeight() / 2)));
            }
            for (int i = 0; i < colours.size(); i++) {
                for (int j = 0; j < i; j++) {
                    all.assertThat(distance(colours.get(i), colours.get(j)))
                            .as(vision + ": states " + j + " and " + i)
                            .isGreaterThan(LEAST_DISTANCE);
                }
            }
            seen.add(colours);
        }
        all.assertThat(distance(seen.get(0).get(1), seen.get(1).get(1)))
                .as("the emulation works")
                .isGreaterThan(1);
        all.assertAll();
    }

    private static double distance(double[] a, double[] b) {
        return Math.sqrt(Math.pow(a[0] - b[0], 2) + Math.pow(a[1] - b[1], 2) + Math.pow(a[2] - b[2], 2));
    }

    /** Björn Ottosson, "A perceptual color space for image processing", 2020; scaled to 100. */
    private static double[] okLab(int rgb) {
        double r = linear(rgb >> 16 & 255);
        double g = linear(rgb >> 8 & 255);
        double b = linear(rgb & 255);
        double l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
        double m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
        double s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
        return new double[] {
            100 * (0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s),
            100 * (1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s),
            100 * (0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s)
        };
    }

    private static double linear(int channel) {
        double c = channel / 255.0;
        return c <= 0.04045 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4);
    }
}
