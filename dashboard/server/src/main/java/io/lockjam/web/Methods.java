// SPDX-License-Identifier: Apache-2.0
package io.lockjam.web;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HttpResponseException;
import io.javalin.http.HttpStatus;

/** Which methods a path takes: what is read answers HEAD like GET, and who asks in another way is told what works. */
final class Methods {
    private Methods() {}

    /** Registers for GET and HEAD: by itself Javalin answers HEAD with 200, whatever GET would say. */
    static void read(RoutesConfig routes, String path, Handler handler) {
        routes.get(path, handler);
        routes.head(path, handler);
    }

    /** What to say when no route took a request, or Javalin itself refused it. */
    static Refusal refusal(Context context, HttpResponseException own) {
        HttpStatus status = HttpStatus.forStatus(own.getStatus());
        if (status == HttpStatus.CONTENT_TOO_LARGE) {
            return new Refusal(status, "The body is larger than anything that is read here.");
        }
        if (status != HttpStatus.NOT_FOUND) {
            return new Refusal(status, "The request cannot be answered: " + status.getMessage() + ".");
        }
        String allowed = allowed(context.path());
        context.header("Allow", allowed);
        return new Refusal(HttpStatus.METHOD_NOT_ALLOWED, "This path takes " + allowed + " and no other method.");
    }

    private static String allowed(String path) {
        if (path.startsWith(Api.BASE + "jobs/")) {
            return "DELETE";
        }
        return path.startsWith(Api.BASE + "findings/") ? "GET, HEAD, PATCH" : "GET, HEAD";
    }
}
