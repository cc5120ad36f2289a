// SPDX-License-Identifier: Apache-2.0
package io.lockjam.web;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Answers requests that Jetty itself turns away before any route sees them, as one whose address cannot be read. By itself it sends a page of
 * its own, also to a script, and without the headers of {@link Guard}.
 */
final class Unheard implements Request.Handler {
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        int status = response.getStatus();
        String sentence = sentence(status);
        // The address may be what could not be read: a browser is known by what it takes. Jetty has no headers yet when
        // the first line is wrong.
        String accepted = request.getHeaders().get(HttpHeader.ACCEPT);
        boolean page = accepted != null && accepted.contains("text/html");
        Guard.HEADERS.forEach((name, value) -> response.getHeaders().put(name, value));
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, page ? "text/html;charset=utf-8" : "application/json");
        String body = page ? Pages.refusal(sentence) : Api.refusal(status, sentence);
        Content.Sink.write(response, true, body, callback);
        return true;
    }

    private static String sentence(int status) {
        return switch (status) {
            case HttpStatus.URI_TOO_LONG_414 -> "The address is longer than any that is read here.";
            case HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE_431 ->
                "The headers are longer than any that are read here.";
            default -> "This is no request that can be read: " + HttpStatus.getMessage(status) + ".";
        };
    }
}
