// SPDX-License-Identifier: Apache-2.0
package io.lockjam.attach;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The texts a HotSpot JVM publishes about itself in {@code hsperfdata_<user>/<pid>}, read without touching the JVM.
 *
 * <p>Layout as in HotSpot's {@code perfMemory.hpp}, version 2.0: a prologue of 32 bytes (magic, byte order, version,
 * accessible, used, overflow, time, offset of the first entry, entries), then entries (length, offset of the name,
 * vector length, type, flags, units, variability, offset of the data).
 */
record PerfData(Map<String, String> texts) {
    private static final int MAGIC = 0xcafec0c0;
    private static final int PROLOGUE = 32;
    private static final int ENTRY = 20;
    /** The file is 32 KiB unless -XX:PerfDataMemorySize says otherwise. */
    private static final long LARGEST = 4 << 20;

    /** @throws IOException if the file cannot be read, is not of this layout, or the JVM has not filled it yet */
    static PerfData read(Path file) throws IOException {
        if (!Files.isRegularFile(file) || Files.size(file) > LARGEST) {
            throw new IOException(file + " is not performance data");
        }
        return parse(Files.readAllBytes(file));
    }

    static PerfData parse(byte[] content) throws IOException {
        ByteBuffer data = ByteBuffer.wrap(content);
        if (content.length < PROLOGUE || data.getInt(0) != MAGIC || data.get(7) == 0) {
            throw new IOException("not performance data, or not filled yet");
        }
        data.order(data.get(4) == 0 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        Map<String, String> texts = new HashMap<>();
        int entry = data.getInt(24);
        int entries = data.getInt(28);
        for (int i = 0; i < entries && entry >= PROLOGUE && entry <= content.length - ENTRY; i++) {
            int length = data.getInt(entry);
            int vector = data.getInt(entry + 8);
            if (length < ENTRY || entry > content.length - length) {
                break;
            }
            if (vector > 0 && data.get(entry + 12) == 'B') {
                String name = text(content, entry + data.getInt(entry + 4), entry + length);
                int start = entry + data.getInt(entry + 16);
                texts.put(name, text(content, start, (int) Math.min((long) start + vector, (long) entry + length)));
            }
            entry += length;
        }
        return new PerfData(texts);
    }

    /** Main class or jar with the application's arguments; empty for a JVM embedded in another program. */
    String command() {
        return texts.getOrDefault("sun.rt.javaCommand", "");
    }

    /** Options of the JVM, whichever way they were given. */
    String options() {
        return texts.getOrDefault("java.rt.vmArgs", "") + " " + texts.getOrDefault("java.rt.vmFlags", "");
    }

    String version() {
        return texts.getOrDefault("java.property.java.version", "");
    }

    @Nullable
    String vmName() {
        return texts.get("java.property.java.vm.name");
    }

    /** False only if the JVM says that it does not serve attach requests. */
    boolean servesAttach() {
        return !texts.getOrDefault("sun.rt.jvmCapabilities", "1").startsWith("0");
    }

    private static String text(byte[] content, int from, int to) throws IOException {
        if (from < 0 || to > content.length || from > to) {
            throw new IOException("performance data is damaged");
        }
        int end = from;
        while (end < to && content[end] != 0) {
            end++;
        }
        return new String(content, from, end - from, StandardCharsets.UTF_8);
    }
}
