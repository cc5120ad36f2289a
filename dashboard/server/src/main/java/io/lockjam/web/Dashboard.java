// SPDX-License-Identifier: Apache-2.0
package io.lockjam.web;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.HttpStatus;
import java.net.URI;
import java.time.Duration;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** The web dashboard: one server, any number of targets. All its threads are daemons. */
public final class Dashboard implements AutoCloseable {
    private static final int MOST_THREADS = 16;
    private static final int LEAST_THREADS = 3;
    private static final long MOST_BODY_BYTES = 64 * 1024;

    private final DashboardConfig config;
    private final Targets targets = new Targets();
    private final Feed feed = new Feed(targets);
    private final Javalin server;

    private Dashboard(DashboardConfig config) {
        this.config = config;
        this.server = Javalin.create(this::configure);
    }

    /**
     * Listens and answers from then on.
     *
     * @throws io.javalin.util.JavalinException if the port is taken or the address is not ours
     */
    public static Dashboard start(DashboardConfig config) {
        Dashboard dashboard = new Dashboard(config);
        dashboard.server.start(config.bind(), config.port());
        dashboard.feed.start();
        return dashboard;
    }

    /** The targets to show; add and remove at any time. */
    public Targets targets() {
        return targets;
    }

    /** Pages and scripts that follow the feed now. */
    public int viewers() {
        return feed.clients();
    }

    public int port() {
        return server.port();
    }

    /** The address to open, with the token. */
    public URI url() {
        return URI.create(address() + "/?token=" + config.token().text());
    }

    /** The address without the token. */
    public URI address() {
        String host = config.bind().contains(":") ? "[" + config.bind() + "]" : config.bind();
        return URI.create("http://" + (host.equals("0.0.0.0") ? DashboardConfig.LOOPBACK : host) + ":" + port());
    }

    private void configure(JavalinConfig javalin) {
        javalin.startup.showJavalinBanner = false;
        javalin.startup.showOldJavalinVersionWarning = false;
        javalin.startup.startupWatcherEnabled = false;
        javalin.http.maxRequestSize = MOST_BODY_BYTES;
        QueuedThreadPool threads = new QueuedThreadPool(MOST_THREADS, LEAST_THREADS);
        threads.setName("lockjam-web");
        threads.setDaemon(true);
        javalin.jetty.threadPool = threads;
        javalin.jetty.modifyHttpConfiguration(http -> http.setSendServerVersion(false));
        Unheard unheard = new Unheard();
        javalin.jetty.modifyServer(server -> server.setErrorHandler(unheard));
        javalin.jetty.modifyServletContextHandler(servlets -> servlets.setErrorHandler(unheard));
        javalin.jetty.modifyWebSocketServletFactory(sockets -> sockets.setIdleTimeout(Duration.ofMinutes(2)));
        register(javalin.routes);
    }

    private void register(RoutesConfig routes) {
        Guard guard = new Guard(config);
        Assets assets = new Assets();
        routes.before(guard);
        routes.wsBeforeUpgrade(guard);
        new FeedRoutes(targets, feed).register(routes);
        new Api(targets).register(routes, feed);
        Methods.read(routes, "/assets/<path>", assets::serve);
        Methods.read(routes, "/", assets::page);
        Methods.read(routes, "/<path>", context -> {
            context.status(Pages.known(context.path()) ? HttpStatus.OK : HttpStatus.NOT_FOUND);
            assets.page(context);
        });
        routes.exception(Refusal.class, (refusal, context) -> refuse(context, refusal));
        routes.exception(HttpResponseException.class, (own, context) -> refuse(context, Methods.refusal(context, own)));
        routes.exception(
                Exception.class,
                (fault, context) -> refuse(
                        context,
                        new Refusal(
                                HttpStatus.INTERNAL_SERVER_ERROR,
                                "Lockjam could not answer this: "
                                        + fault.getClass().getSimpleName() + ".")));
    }

    private static void refuse(Context context, Refusal refusal) {
        if (context.path().startsWith("/api/")) {
            Api.refuse(context, refusal);
        } else {
            context.status(refusal.status())
                    .header("Cache-Control", "no-store")
                    .html(Pages.refusal(refusal.sentence()));
        }
    }

    @Override
    public void close() {
        feed.close();
        server.stop();
    }
}
