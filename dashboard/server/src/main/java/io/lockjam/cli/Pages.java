// SPDX-License-Identifier: Apache-2.0
package io.lockjam.cli;

import io.lockjam.web.Dashboard;
import io.lockjam.web.DashboardConfig;
import io.lockjam.web.Token;
import io.lockjam.web.Watched;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** The dashboard, started on a thread of its own: loading the web server takes as long as attaching does. */
final class Pages implements AutoCloseable {
    /** A page that is loaded anew is away for a moment. */
    private static final Duration AWAY = Duration.ofSeconds(10);

    private static final Duration LOOK = Duration.ofSeconds(1);

    private final PageOptions options;
    private final CompletableFuture<Dashboard> starting = new CompletableFuture<>();
    private boolean told;

    private Pages(PageOptions options) {
        this.options = options;
    }

    static Pages start(PageOptions options) {
        Pages pages = new Pages(options);
        Thread thread = new Thread(pages::run, "lockjam-pages");
        thread.setDaemon(true);
        thread.start();
        return pages;
    }

    /** Puts a target on the dashboard; for the first one prints the address as a line of its own; returns once it answers. */
    void show(Watched watched) throws Failure {
        Dashboard dashboard = dashboard();
        dashboard.targets().add(watched);
        if (told) {
            return;
        }
        told = true;
        System.out.println(dashboard.url());
        System.out.flush();
        if (options.opens()) {
            Browser.open(dashboard.url());
        }
    }

    /** Serves what was kept for as long as somebody looks at it; returns at once if nobody does. */
    void serveOn(Stop stop) throws Failure, InterruptedException {
        serveOn(stop, AWAY, LOOK);
    }

    /** @param longest how long nobody may look at it before it ends */
    void serveOn(Stop stop, Duration longest, Duration look) throws Failure, InterruptedException {
        Dashboard dashboard = dashboard();
        Duration away = dashboard.viewers() > 0 ? Duration.ZERO : longest;
        while (away.compareTo(longest) < 0 && !stop.interruptedWithin(look)) {
            away = dashboard.viewers() > 0 ? Duration.ZERO : away.plus(look);
        }
    }

    @Override
    public void close() {
        starting.cancel(false);
        if (!starting.isCompletedExceptionally()) {
            starting.join().close();
        }
    }

    private Dashboard dashboard() throws Failure {
        try {
            return starting.join();
        } catch (CompletionException failed) {
            Throwable cause = failed.getCause() == null ? failed : failed.getCause();
            String reason = reason(cause);
            if (reason == null) {
                throw failed;
            }
            throw new Failure(
                    Exit.USAGE,
                    "Cannot listen on " + options.bind() + ":" + options.port() + ": " + reason + ".",
                    cause);
        }
    }

    private void run() {
        try {
            DashboardConfig config = new DashboardConfig(options.bind(), options.port(), Token.random(), Set.of());
            Dashboard dashboard = Dashboard.start(config);
            if (!starting.complete(dashboard)) {
                dashboard.close();
            }
        } catch (RuntimeException | LinkageError fault) {
            starting.completeExceptionally(fault);
        }
    }

    /** A clause; null if it is not the address that is to blame. Javalin has words of its own for some. */
    private static @Nullable String reason(Throwable fault) {
        StringBuilder chain = new StringBuilder();
        for (Throwable each = fault; each != null; each = each.getCause()) {
            chain.append(each).append('\n');
        }
        String words = chain.toString();
        if (words.contains("elevated privileges") || words.contains("Permission denied")) {
            return "this user may not listen there; ports below 1024 are root's as a rule";
        }
        if (words.contains("UnresolvedAddress") || words.contains("Unresolved address")) {
            return "no address is known by this name";
        }
        if (words.contains("BindException") || words.contains("Port already in use")) {
            return "the port is in use or the address is not this machine's";
        }
        return null;
    }
}
