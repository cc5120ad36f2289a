// SPDX-License-Identifier: Apache-2.0
package io.lockjam.web;

import io.javalin.http.Context;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.GZIPOutputStream;

/**
 * The front end's files, read from the class path once, zipped once, kept.
 *
 * <p>Javalin's own handler for static files costs about 10 MB of heap; this one costs the files.
 */
final class Assets {
    private static final Map<String, String> TYPES = Map.of(
            ".html", "text/html; charset=utf-8",
            ".js", "text/javascript; charset=utf-8",
            ".css", "text/css; charset=utf-8",
            ".svg", "image/svg+xml",
            ".json", "application/json",
            ".md", "text/markdown; charset=utf-8");

    private final Map<String, Optional<Asset>> known = new ConcurrentHashMap<>();

    /** One file, plain and zipped. */
    @SuppressWarnings("ArrayRecordComponent") // written once to a response, never compared
    private record Asset(byte[] plain, byte[] zipped, String type, String tag) {}

    /** Whether a path names a file of the program rather than a page or the API. */
    static boolean isAsset(String path) {
        return path.startsWith("/assets/");
    }

    /** Answers {@code /assets/…}; 404 if there is no such file. */
    void serve(Context context) {
        String name = context.path().substring("/assets/".length());
        send(context, name);
    }

    /** Answers any page's route: all of them are one document, its script looks at the URL. */
    void page(Context context) {
        send(context, "index.html");
    }

    private void send(Context context, String name) {
        Asset asset = known.computeIfAbsent(name, Assets::read)
                .orElseThrow(() -> Refusal.notFound("There is no file " + name + " in this dashboard."));
        context.disableCompression();
        context.header("ETag", asset.tag());
        context.header("Cache-Control", "no-cache"); // asks again each time, gets 304: right after an upgrade too
        context.header("Vary", "Accept-Encoding");
        if (asset.tag().equals(context.header("If-None-Match"))) {
            context.status(304);
            return;
        }
        context.contentType(asset.type());
        String accepted = context.header("Accept-Encoding");
        if (accepted != null && accepted.contains("gzip")) {
            context.header("Content-Encoding", "gzip").result(asset.zipped());
        } else {
            context.result(asset.plain());
        }
    }

    private static Optional<Asset> read(String name) {
        int dot = name.lastIndexOf('.');
        String type = dot < 0 ? null : TYPES.get(name.substring(dot));
        if (type == null || name.contains("..") || !name.matches("[A-Za-z0-9._/-]+")) {
            return Optional.empty();
        }
        try (InputStream in = Assets.class.getResourceAsStream("/web/" + name)) {
            if (in == null) {
                return Optional.empty();
            }
            byte[] plain = in.readAllBytes();
            return Optional.of(new Asset(plain, zip(plain), type, tagOf(plain)));
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
    }

    private static byte[] zip(byte[] plain) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(plain);
        }
        return out.toByteArray();
    }

    private static String tagOf(byte[] plain) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(plain);
            return '"' + HexFormat.of().formatHex(digest, 0, 8) + '"';
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }
}
