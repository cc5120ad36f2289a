// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.net.URL;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.jar.JarEntry;
import java.util.jar.JarInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The weaver inside the target, for an agent that was started with -javaagent: read from the agent jar into a class
 * loader of its own that nothing else sees, and gone with it.
 */
final class InsideWeaver implements WeaveService {
    private static final String JAR = "/META-INF/lockjam/weaver.jar";

    private final ClassLoader loader;
    private final BiFunction<String, byte[], byte[]> weaver;
    private final List<String> types;

    @SuppressWarnings("unchecked") // the weaver's own declaration
    InsideWeaver() throws Exception {
        try (InputStream jar = InsideWeaver.class.getResourceAsStream(JAR)) {
            if (jar == null) {
                throw new IOException("the agent jar has no " + JAR);
            }
            loader = new MemoryLoader(jar);
            Class<?> type = loader.loadClass("io.lockjam.weave.Weaver");
            Method list = type.getMethod("types");
            types = List.copyOf((List<String>) list.invoke(null));
            weaver = (BiFunction<String, byte[], byte[]>) type.getConstructor().newInstance();
        }
    }

    /** Names of the JDK classes that may be woven. */
    List<String> types() {
        return types;
    }

    /**
     * Who puts probes into classes: given class files by internal name, and the class to weave; null to leave it as it is.
     *
     * @param predicted which classes take part in the order of threads, by internal name; null to catch only
     */
    @SuppressWarnings("unchecked") // the prober's own declaration
    BiFunction<Function<String, byte[]>, byte[], byte[]> prober(@Nullable Predicate<String> predicted)
            throws ReflectiveOperationException {
        return (BiFunction<Function<String, byte[]>, byte[], byte[]>) loader.loadClass("io.lockjam.weave.InsideProber")
                .getConstructor(Predicate.class)
                .newInstance(predicted);
    }

    @Override
    public byte @Nullable [] weave(String name, @Nullable ClassLoader loader, byte[] original) {
        return weaver.apply(name, original);
    }

    /** Classes and resources of one jar, held in memory: no file stays open. */
    private static final class MemoryLoader extends ClassLoader {
        private final Map<String, byte[]> entries = new HashMap<>();

        MemoryLoader(InputStream jar) throws IOException {
            super("lockjam-weaver", ClassLoader.getPlatformClassLoader());
            try (JarInputStream in = new JarInputStream(jar, false)) {
                for (JarEntry entry = in.getNextJarEntry(); entry != null; entry = in.getNextJarEntry()) {
                    if (!entry.isDirectory()) {
                        entries.put(entry.getName(), in.readAllBytes());
                    }
                }
            }
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            byte[] bytes = entries.get(name.replace('.', '/') + ".class");
            if (bytes == null) {
                throw new ClassNotFoundException(name);
            }
            return defineClass(name, bytes, 0, bytes.length);
        }

        @Override
        public @Nullable InputStream getResourceAsStream(String name) {
            byte[] bytes = entries.get(name);
            return bytes == null ? super.getResourceAsStream(name) : new ByteArrayInputStream(bytes);
        }

        @Override
        public @Nullable URL getResource(String name) {
            return entries.containsKey(name) ? null : super.getResource(name);
        }
    }
}
