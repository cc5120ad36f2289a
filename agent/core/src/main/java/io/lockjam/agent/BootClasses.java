// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.jspecify.annotations.Nullable;

/**
 * Defines the hooks and event types, which travel in the agent jar, in the boot loader, where woven JDK classes find
 * them. Not by appendToBootstrapClassLoaderSearch: that switches class-data sharing off with a warning and leaves a jar
 * behind.
 */
final class BootClasses {
    private static final String FOLDER = "META-INF/lockjam/boot/";
    private static final String EVENTS = "io.lockjam.event.";
    private static final String JFR = "io.lockjam.boot.Jfr";

    private BootClasses() {}

    /**
     * Defines what is not there yet; may be called again.
     *
     * @param withEvents whether those that extend classes of jdk.jfr are wanted too
     * @throws LinkageError if a class can never be defined
     */
    static void define(boolean withEvents) throws Throwable {
        Map<String, byte[]> left = new LinkedHashMap<>();
        for (Map.Entry<String, byte[]> each : read().entrySet()) {
            boolean event = each.getKey().startsWith(EVENTS) || each.getKey().startsWith(JFR);
            if ((withEvents || !event) && !defined(each.getKey())) {
                left.put(each.getKey(), each.getValue());
            }
        }
        MethodHandle define = definer();
        while (!left.isEmpty()) {
            int before = left.size();
            NoClassDefFoundError missing = defineReady(define, left);
            if (left.size() == before) {
                throw missing == null ? new LinkageError("no boot class could be defined") : missing;
            }
        }
    }

    /** One round: a class whose supertypes are still missing is left for the next. */
    private static @Nullable NoClassDefFoundError defineReady(MethodHandle define, Map<String, byte[]> left)
            throws Throwable {
        NoClassDefFoundError missing = null;
        for (Map.Entry<String, byte[]> each : List.copyOf(left.entrySet())) {
            byte[] bytes = each.getValue();
            try {
                define.invoke(each.getKey().replace('.', '/'), bytes, 0, bytes.length, null, null);
                left.remove(each.getKey());
            } catch (NoClassDefFoundError supertype) {
                missing = supertype;
            }
        }
        return missing;
    }

    private static boolean defined(String name) {
        try {
            Class.forName(name, false, null);
            return true;
        } catch (ClassNotFoundException notYet) {
            return false;
        }
    }

    private static MethodHandle definer() throws ReflectiveOperationException {
        Class<?> unsafe = Class.forName("jdk.internal.misc.Unsafe");
        MethodHandles.Lookup lookup = MethodHandles.lookup();
        Object instance;
        try {
            instance = lookup.findStatic(unsafe, "getUnsafe", MethodType.methodType(unsafe))
                    .invoke();
        } catch (Throwable refused) {
            throw new ReflectiveOperationException("jdk.internal.misc.Unsafe", refused);
        }
        MethodType type = MethodType.methodType(
                Class.class,
                String.class,
                byte[].class,
                int.class,
                int.class,
                ClassLoader.class,
                java.security.ProtectionDomain.class);
        return lookup.findVirtual(unsafe, "defineClass", type).bindTo(instance);
    }

    private static Map<String, byte[]> read() throws IOException {
        Map<String, byte[]> classes = new LinkedHashMap<>();
        try (JarFile jar = new JarFile(agentJar())) {
            List<JarEntry> entries = new ArrayList<>();
            jar.entries().asIterator().forEachRemaining(entries::add);
            for (JarEntry entry : entries) {
                String name = entry.getName();
                if (name.startsWith(FOLDER) && name.endsWith(".class")) {
                    String type = name.substring(FOLDER.length(), name.length() - ".class".length());
                    try (InputStream in = jar.getInputStream(entry)) {
                        classes.put(type.replace('/', '.'), in.readAllBytes());
                    }
                }
            }
        }
        return classes;
    }

    /** The jar the agent was loaded from. */
    static File agentJar() throws IOException {
        try {
            return new File(BootClasses.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException | IllegalArgumentException odd) {
            throw new IOException("the agent cannot tell where its jar is", odd);
        }
    }
}
