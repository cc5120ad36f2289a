// SPDX-License-Identifier: Apache-2.0
package io.lockjam.web;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import io.javalin.websocket.WsConnectContext;
import io.javalin.websocket.WsContext;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.websocket.api.Callback;

/** The feed's two forms: a WebSocket for pages, server-sent events for scripts ({@code curl -N}). */
final class FeedRoutes {
    private static final int MOST_CLIENTS = 64;
    private static final int MOST_SCRIPTS = 3;

    private final Targets targets;
    private final Feed feed;
    private final Map<String, FeedClient> sockets = new ConcurrentHashMap<>();
    private final java.util.concurrent.Semaphore scripts = new java.util.concurrent.Semaphore(MOST_SCRIPTS);

    FeedRoutes(Targets targets, Feed feed) {
        this.targets = targets;
        this.feed = feed;
    }

    void register(RoutesConfig routes) {
        routes.ws(Api.BASE + "ws", ws -> {
            ws.onConnect(this::connect);
            ws.onClose(context -> drop(context));
            ws.onError(context -> drop(context));
        });
        routes.get(Api.BASE + "ws", context -> {
            context.header("Upgrade", "websocket");
            throw new Refusal(HttpStatus.UPGRADE_REQUIRED, "This path is a WebSocket; a script reads /api/v1/stream.");
        });
        routes.get(Api.BASE + "stream", this::stream);
    }

    private void connect(WsConnectContext context) {
        Watched target = targets.find(context.queryParam("target")).orElse(null);
        if (target == null || feed.clients() >= MOST_CLIENTS) {
            context.closeSession(1008, target == null ? "no such target" : "too many clients");
            return;
        }
        context.enableAutomaticPings();
        FeedClient client = new FeedClient(target.id(), new Socket(context));
        sockets.put(context.sessionId(), client);
        feed.join(client, since(context.queryParam("since")));
        client.start();
    }

    private void drop(WsContext context) {
        FeedClient client = sockets.remove(context.sessionId());
        if (client != null) {
            client.close();
            feed.leave(client);
        }
    }

    private static long since(@org.jspecify.annotations.Nullable String text) {
        return text != null && text.matches("\\d{1,15}") ? Long.parseLong(text) : Long.MAX_VALUE;
    }

    /** Blocks until each letter is on its way: otherwise Jetty would keep all of them in memory for a stuck client. */
    private record Socket(WsContext context) implements FeedClient.Line {
        @Override
        public void send(String letter) throws Exception {
            Callback.Completable sent = new Callback.Completable();
            context.session.sendText(letter, sent);
            sent.get();
        }

        @Override
        public void close() {
            context.session.disconnect();
        }
    }

    /** Holds its request thread for as long as the script reads: hence few at a time. */
    private void stream(Context context) throws Exception {
        Watched target = Query.target(context, targets);
        if (!scripts.tryAcquire()) {
            throw new Refusal(
                    HttpStatus.SERVICE_UNAVAILABLE,
                    "Only " + MOST_SCRIPTS + " scripts may read the stream at a time; end one of them.");
        }
        FeedClient client = null;
        try {
            context.res().setContentType("text/event-stream;charset=utf-8");
            context.res().setHeader("Cache-Control", "no-store");
            OutputStream out = context.res().getOutputStream();
            client = new FeedClient(target.id(), new Events(out));
            feed.join(client, since(context.queryParam("since")));
            client.write();
        } finally {
            scripts.release();
            if (client != null) {
                feed.leave(client);
            }
        }
    }

    /** Letters as server-sent events; JSON has no raw line feeds, so one data line each. */
    private record Events(OutputStream out) implements FeedClient.Line {
        @Override
        public void send(String letter) throws Exception {
            out.write(("data: " + letter + "\n\n").getBytes(StandardCharsets.UTF_8));
            out.flush();
        }

        @Override
        public void close() {
            // the container ends the answer when the handler returns
        }
    }
}
