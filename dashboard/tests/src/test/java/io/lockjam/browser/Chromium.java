// SPDX-License-Identifier: Apache-2.0
package io.lockjam.browser;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Debian's Chromium under Playwright: nothing is downloaded, and whatever a page does wrong is remembered. */
final class Chromium implements AutoCloseable {
    /** Without sandbox because tests run as root in containers; nothing of the browser's own may use the network. */
    private static final List<String> ARGUMENTS = List.of(
            "--no-sandbox",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-first-run");

    /** How long a condition is waited for: a machine with two cores may run other tests beside. */
    private static final double PATIENCE_MILLIS = 30_000;

    private final Playwright playwright;
    private final Browser browser;

    /** Console errors, script errors, refused content and requests to other hosts, of all pages. */
    final List<String> faults = new CopyOnWriteArrayList<>();

    Chromium() {
        PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MILLIS);
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(executable())
                        .setArgs(ARGUMENTS));
    }

    private static Path executable() {
        return Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no /usr/bin/chromium: apt-get install chromium"));
    }

    /** A page that is signed in, in a context of its own. */
    Page open(URI url, ColorScheme scheme, int width, int height) {
        return open(url, scheme, width, height, page -> {});
    }

    /** @param prepare what is done to the page before it loads anything */
    Page open(URI url, ColorScheme scheme, int width, int height, Consumer<Page> prepare) {
        BrowserContext context = browser.newContext(
                new Browser.NewContextOptions().setViewportSize(width, height).setColorScheme(scheme));
        Page page = context.newPage();
        page.onConsoleMessage(message -> {
            // A 404 answered on purpose is a console error to Chromium.
            if (message.type().equals("error") && !message.text().contains("404")) {
                faults.add(message.text());
            }
        });
        page.onPageError(faults::add);
        page.onDialog(dialog -> {
            faults.add("dialog: " + dialog.message());
            dialog.dismiss();
        });
        page.onRequest(request -> {
            if (!URI.create(request.url()).getHost().equals(url.getHost())) {
                faults.add("request to " + request.url());
            }
        });
        prepare.accept(page);
        page.navigate(url.toString());
        return page;
    }

    void closePages() {
        List.copyOf(browser.contexts()).forEach(BrowserContext::close);
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
