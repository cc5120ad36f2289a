// SPDX-License-Identifier: Apache-2.0
package io.lockjam.web;

import io.javalin.http.Context;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * The body of an answer that several clients get, zipped once for all of them.
 *
 * @param bytes in gzip's format
 */
@SuppressWarnings("ArrayRecordComponent") // written to responses, never compared
record Zipped(byte[] bytes) {
    /** @param level of {@link Deflater} */
    static Zipped of(byte[] plain, int level) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(Math.max(256, plain.length / 8));
        try (GZIPOutputStream gzip = new Leveled(out, level)) {
            gzip.write(plain);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible); // it writes to memory
        }
        return new Zipped(out.toByteArray());
    }

    int length() {
        return bytes.length;
    }

    /** Answers with it, unzipped for a client that cannot. */
    void send(Context context) {
        String accepted = context.header("Accept-Encoding");
        context.disableCompression();
        context.header("Vary", "Accept-Encoding");
        if (accepted != null && accepted.contains("gzip")) {
            context.header("Content-Encoding", "gzip").result(bytes);
        } else {
            context.result(plain());
        }
    }

    private byte[] plain() {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            return in.readAllBytes();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible); // we zipped it ourselves
        }
    }

    private static final class Leveled extends GZIPOutputStream {
        Leveled(ByteArrayOutputStream out, int level) throws IOException {
            super(out, 1 << 13);
            def.setLevel(level);
        }
    }
}
