// SPDX-License-Identifier: Apache-2.0
package io.lockjam.web;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** The secret of one run: 256 random bits, compared in constant time. */
public final class Token {
    private static final int BYTES = 32;

    private final byte[] text;

    private Token(String text) {
        this.text = text.getBytes(StandardCharsets.US_ASCII);
    }

    public static Token random() {
        byte[] bits = new byte[BYTES];
        new SecureRandom().nextBytes(bits);
        return new Token(Base64.getUrlEncoder().withoutPadding().encodeToString(bits));
    }

    public boolean matches(@Nullable String shown) {
        return shown != null && MessageDigest.isEqual(text, shown.getBytes(StandardCharsets.UTF_8));
    }

    /** The token itself, for the URL that is printed once. */
    public String text() {
        return new String(text, StandardCharsets.US_ASCII);
    }

    /** Never the secret: logs and debuggers print this. */
    @Override
    public String toString() {
        return "Token[hidden]";
    }
}
