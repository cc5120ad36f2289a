// SPDX-License-Identifier: Apache-2.0
package io.lockjam.web;

import io.javalin.http.HttpStatus;

/** A request that gets no answer but a status and one sentence that says why. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final HttpStatus status;

    Refusal(HttpStatus status, String sentence) {
        super(sentence, null, false, false); // no stack: it is an answer, not a fault
        this.status = status;
    }

    static Refusal badRequest(String sentence) {
        return new Refusal(HttpStatus.BAD_REQUEST, sentence);
    }

    static Refusal notFound(String sentence) {
        return new Refusal(HttpStatus.NOT_FOUND, sentence);
    }

    HttpStatus status() {
        return status;
    }

    String sentence() {
        return String.valueOf(getMessage());
    }
}
