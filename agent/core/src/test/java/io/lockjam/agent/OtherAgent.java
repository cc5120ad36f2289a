// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.instrument.ClassDefinition;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.ProtectionDomain;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;

/**
 * Another vendor's agent, as far as it matters to ours: it changes classes of java.util.concurrent, changes its mind, or
 * insists on what it once read.
 *
 * <p>Arguments: {@code mark CLASS TEXT} adds a text to the constants of the class (its first instrumentation does, whatever is
 * loaded later, as an agent that was there from the start would), {@code original CLASS} answers with the class file of the
 * JDK from now on, {@code redefine CLASS} puts that file in once, {@code change CLASS OLD NEW} that
 * file with another text of the same length, {@code show CLASS FILE} writes the bytes that the last
 * agent of the chain is given.
 */
public final class OtherAgent {
    private static volatile @Nullable Instrumentation first;
    private static volatile String marked = "";
    private static volatile String mark = "";

    private OtherAgent() {}

    /** Loaded as often as something is wanted of it. */
    public static void agentmain(String arguments, Instrumentation instrumentation) throws Exception {
        String[] words = arguments.split(" ", -1);
        Class<?> type = Class.forName(words[1], false, ClassLoader.getSystemClassLoader());
        Instrumentation loadedFirst = first;
        if (loadedFirst == null) {
            loadedFirst = instrumentation;
            first = instrumentation;
            instrumentation.addTransformer(
                    new Transforming((name, bytes) -> name.equals(marked) ? marked(bytes) : null), true);
        }
        switch (words[0]) {
            case "mark" -> {
                marked = words[1].replace('.', '/');
                mark = words[2];
                loadedFirst.retransformClasses(type);
            }
            case "original" -> {
                byte[] original = original(type);
                String own = words[1].replace('.', '/');
                instrumentation.addTransformer(
                        new Transforming((name, bytes) -> name.equals(own) ? original : null), true);
                instrumentation.retransformClasses(type);
            }
            case "redefine" -> instrumentation.redefineClasses(new ClassDefinition(type, original(type)));
            case "change" ->
                instrumentation.redefineClasses(new ClassDefinition(type, changed(original(type), words[2], words[3])));
            case "show" -> show(instrumentation, type, Path.of(words[2]));
            default -> throw new IllegalArgumentException(arguments);
        }
    }

    /** The jar to load it from. */
    static Path jar(Path folder) throws IOException {
        Path jar = folder.resolve("other-agent.jar");
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue("Agent-Class", OtherAgent.class.getName());
        main.putValue("Can-Retransform-Classes", "true");
        main.putValue("Can-Redefine-Classes", "true");
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file, manifest)) {
            for (Class<?> each : new Class<?>[] {OtherAgent.class, Transforming.class, Change.class}) {
                String entry = each.getName().replace('.', '/') + ".class";
                out.putNextEntry(new JarEntry(entry));
                try (InputStream in = each.getClassLoader().getResourceAsStream(entry)) {
                    in.transferTo(out);
                }
            }
        }
        return jar;
    }

    private interface Change {
        byte @Nullable [] of(String name, byte[] bytes) throws IOException;
    }

    private record Transforming(Change change) implements ClassFileTransformer {
        @Override
        public byte @Nullable [] transform(
                ClassLoader loader, String name, Class<?> type, ProtectionDomain domain, byte[] bytes) {
            try {
                return name == null ? null : change.of(name, bytes);
            } catch (IOException impossible) {
                return null;
            }
        }
    }

    private static void show(Instrumentation instrumentation, Class<?> type, Path file) throws Exception {
        String wanted = type.getName().replace('.', '/');
        ClassFileTransformer last = new Transforming((name, bytes) -> {
            if (name.equals(wanted)) {
                Files.write(file, bytes);
            }
            return null;
        });
        instrumentation.addTransformer(last, true);
        instrumentation.retransformClasses(type);
        instrumentation.removeTransformer(last);
    }

    private static byte[] original(Class<?> type) throws IOException {
        try (InputStream in =
                ClassLoader.getSystemResourceAsStream(type.getName().replace('.', '/') + ".class")) {
            return in.readAllBytes();
        }
    }

    private static byte[] changed(byte[] classFile, String old, String other) {
        String text = new String(classFile, StandardCharsets.ISO_8859_1);
        return text.replace(old, other).getBytes(StandardCharsets.ISO_8859_1);
    }

    /** One more entry at the end of the constant pool (JVMS 4.4), which nothing refers to. */
    private static byte[] marked(byte[] classFile) throws IOException {
        int end = constantsEnd(classFile);
        byte[] text = mark.getBytes(StandardCharsets.US_ASCII);
        ByteBuffer out = ByteBuffer.allocate(classFile.length + 3 + text.length);
        out.put(classFile, 0, end).put((byte) 1).putShort((short) text.length).put(text);
        out.put(classFile, end, classFile.length - end);
        out.putShort(8, (short) (out.getShort(8) + 1));
        return out.array();
    }

    private static int constantsEnd(byte[] classFile) throws IOException {
        try (DataInputStream in = new DataInputStream(new java.io.ByteArrayInputStream(classFile))) {
            in.skipNBytes(8);
            int count = in.readUnsignedShort();
            for (int i = 1; i < count; i++) {
                int tag = in.readUnsignedByte();
                in.skipNBytes(
                        switch (tag) {
                            case 1 -> in.readUnsignedShort();
                            case 7, 8, 16, 19, 20 -> 2;
                            case 15 -> 3;
                            case 5, 6 -> 8;
                            default -> 4;
                        });
                i += Set.of(5, 6).contains(tag) ? 1 : 0; // long and double take two entries
            }
            return classFile.length - in.available();
        }
    }
}
