// SPDX-License-Identifier: Apache-2.0
package io.lockjam.web;

import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HttpStatus;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Stands before every route, the WebSocket included, and turns away who should not be here.
 *
 * <p>Loopback alone protects nobody: any page the user has open can send requests to it, under a name of its own (DNS
 * rebinding) or across origins. So the Host must be one of ours (421), a browser must say that the request comes from
 * our own page (403), and everybody must show the token (401).
 */
final class Guard implements Handler {
    /** No inline script or style, nothing from another host, no frame around us; markup only through lit-html's own policy. */
    static final String CSP = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
            + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
            + "require-trusted-types-for 'script'; trusted-types lit-html";

    static final Map<String, String> HEADERS = Map.of(
            "Content-Security-Policy", CSP,
            "X-Content-Type-Options", "nosniff",
            "Referrer-Policy", "no-referrer",
            "Cross-Origin-Opener-Policy", "same-origin",
            "Cross-Origin-Resource-Policy", "same-origin");

    private final Token token;
    private final Set<String> hosts;

    Guard(DashboardConfig config) {
        this.token = config.token();
        this.hosts = new HashSet<>(Set.of("localhost", "127.0.0.1", "[::1]"));
        config.hosts().forEach(host -> hosts.add(host.toLowerCase(Locale.ROOT)));
        hosts.add(config.bind().contains(":") ? "[" + config.bind() + "]" : config.bind());
    }

    @Override
    public void handle(Context context) {
        HEADERS.forEach(context::header);
        String host = context.header("Host");
        if (host == null || !hosts.contains(nameOf(host))) {
            throw new Refusal(HttpStatus.MISDIRECTED_REQUEST, "This dashboard does not answer under this host name.");
        }
        if (!sameOrigin(context, host)) {
            throw new Refusal(HttpStatus.FORBIDDEN, "Requests from other web pages are not answered.");
        }
        if (Assets.isAsset(context.path())) {
            return; // the program's own files: nothing of the target is in them
        }
        String shown = context.queryParam("token");
        if (token.matches(shown)) {
            welcome(context);
        } else if (!token.matches(bearer(context)) && !token.matches(context.cookie(cookieName(context)))) {
            throw new Refusal(
                    HttpStatus.UNAUTHORIZED,
                    "Open the URL that lockjam printed when it started: it carries the token.");
        }
    }

    /** Keeps the token in a cookie and takes it out of the address bar, where people copy from. */
    private void welcome(Context context) {
        context.header("Set-Cookie", cookieName(context) + "=" + token.text() + "; Path=/; HttpOnly; SameSite=Strict");
        if (!context.path().startsWith("/api/")) {
            context.header("Cache-Control", "no-store");
            context.redirect(withoutToken(context.path(), context.queryString()), HttpStatus.SEE_OTHER);
            context.skipRemainingHandlers();
        }
    }

    /** The rest of the address says which view is wanted. */
    private static String withoutToken(String path, @Nullable String query) {
        String rest = Stream.ofNullable(query)
                .flatMap(all -> Stream.of(all.split("&")))
                .filter(each -> !each.startsWith("token="))
                .collect(Collectors.joining("&"));
        return rest.isEmpty() ? path : path + "?" + rest;
    }

    /** One cookie per port: browsers do not tell the ports of a host apart, and several dashboards may run. */
    private static String cookieName(Context context) {
        return "lockjam-" + context.req().getLocalPort();
    }

    private static @Nullable String bearer(Context context) {
        String header = context.header("Authorization");
        return header != null && header.startsWith("Bearer ") ? header.substring("Bearer ".length()) : null;
    }

    private static boolean sameOrigin(Context context, String host) {
        String origin = context.header("Origin");
        if (origin != null && !origin.equals("http://" + host)) {
            return false;
        }
        String site = context.header("Sec-Fetch-Site");
        if (site == null || site.equals("none") || site.equals("same-origin")) {
            return true;
        }
        // A link to us from elsewhere may open our page: the cookie stays behind (SameSite=Strict), the token does not.
        return "navigate".equals(context.header("Sec-Fetch-Mode"))
                && context.req().getMethod().equals("GET")
                && !context.path().startsWith("/api/");
    }

    private static String nameOf(String host) {
        int colon = host.lastIndexOf(':');
        return (colon > host.lastIndexOf(']') ? host.substring(0, colon) : host).toLowerCase(Locale.ROOT);
    }
}
