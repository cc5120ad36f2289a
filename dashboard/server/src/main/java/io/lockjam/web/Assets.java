// SPDX-License-Identifier: Apache-2.0
package io.lockjam.web;

import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.Deflater;

/**
 * The front end's files, read when the dashboard starts: a jar that is built anew meanwhile takes nothing from a running dashboard. Each is
 * zipped when it is first asked for.
 *
 * <p>Javalin's own handler for static files costs about 10 MB of heap; this one costs the files.
 */
final class Assets {
    private static final String FOLDER = "web/";

    private static final Map<String, String> TYPES = Map.of(
            ".html", "text/html; charset=utf-8",
            ".js", "text/javascript; charset=utf-8",
            ".css", "text/css; charset=utf-8",
            ".svg", "image/svg+xml",
            ".json", "application/json",
            ".md", "text/markdown; charset=utf-8");

    private final Map<String, byte[]> files;
    private final Map<String, Asset> asked = new ConcurrentHashMap<>();

    /** One file as it is sent. */
    private record Asset(Zipped body, String type, String tag) {}

    Assets() {
        URL index = Assets.class.getResource("/" + FOLDER + "index.html");
        if (index == null) {
            throw new IllegalStateException("the pages are not in this jar: it was not built whole");
        }
        try {
            files = index.openConnection() instanceof JarURLConnection jar ? inJar(jar) : inFolder(index);
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
    }

    private static Map<String, byte[]> inJar(JarURLConnection connection) throws IOException {
        Map<String, byte[]> files = new HashMap<>();
        JarFile jar = connection.getJarFile(); // the class loader's own: it stays open
        for (JarEntry entry : Collections.list(jar.entries())) {
            if (entry.getName().startsWith(FOLDER) && !entry.isDirectory()) {
                try (InputStream in = jar.getInputStream(entry)) {
                    files.put(entry.getName().substring(FOLDER.length()), in.readAllBytes());
                }
            }
        }
        return files;
    }

    /** While the product is built, its files lie in a folder. */
    private static Map<String, byte[]> inFolder(URL index) throws IOException {
        Map<String, byte[]> files = new HashMap<>();
        Path folder = Path.of(URI.create(index.toString())).resolveSibling("");
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                files.put(folder.relativize(file).toString(), Files.readAllBytes(file));
            }
        }
        return files;
    }

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
        byte[] plain = files.get(name);
        if (plain == null) {
            throw Refusal.notFound("There is no file " + name + " in this dashboard.");
        }
        Asset asset = asked.computeIfAbsent(
                name, key -> new Asset(Zipped.of(plain, Deflater.BEST_COMPRESSION), typeOf(key), tagOf(plain)));
        context.header("ETag", asset.tag());
        context.header("Cache-Control", "no-cache"); // asks again each time, gets 304: right after an upgrade too
        if (asset.tag().equals(context.header("If-None-Match"))) {
            context.status(304);
            return;
        }
        context.contentType(asset.type());
        asset.body().send(context);
    }

    private static String typeOf(String name) {
        String ending = name.substring(Math.max(0, name.lastIndexOf('.')));
        return TYPES.getOrDefault(ending, "application/octet-stream");
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
