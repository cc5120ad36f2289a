// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import org.jspecify.annotations.Nullable;

/** Weaves every class of the given jars and has the JVM verify it: an agent whose arguments are jars on the class path. */
public final class LibraryCheck {
    private LibraryCheck() {}

    public static void premain(String arguments, Instrumentation instrumentation) throws Exception {
        for (String jar : arguments.split(",")) {
            check(jar, instrumentation);
        }
        System.out.flush();
        Runtime.getRuntime().halt(0);
    }

    private static void check(String jar, Instrumentation instrumentation) throws IOException {
        Once once = new Once();
        instrumentation.addTransformer(once, true);
        int classes = 0;
        for (String name : names(jar)) {
            try {
                Class<?> type = Class.forName(name, false, ClassLoader.getSystemClassLoader());
                once.on = false;
                instrumentation.retransformClasses(type);
                once.on = true;
                classes++;
                verify(type, instrumentation);
            } catch (Exception | LinkageError | InternalError needsMore) {
                // an optional dependency is not there
            }
        }
        instrumentation.removeTransformer(once);
        System.out.println("CHECKED " + classes + " WOVEN " + once.woven + " SITES " + once.sites);
        once.failed.forEach(line -> System.out.println("NOT WOVEN " + line));
    }

    private static void verify(Class<?> type, Instrumentation instrumentation) {
        try {
            instrumentation.retransformClasses(type);
        } catch (Exception | LinkageError | InternalError wrong) {
            System.out.println("BROKEN " + type.getName() + " " + wrong);
        }
    }

    private static List<String> names(String jar) throws IOException {
        try (JarFile file = new JarFile(jar)) {
            return file.stream()
                    .map(entry -> entry.getName())
                    .filter(name -> name.endsWith(".class") && !name.startsWith("META-INF") && !name.contains("-info"))
                    .map(name ->
                            name.substring(0, name.length() - ".class".length()).replace('/', '.'))
                    .toList();
        }
    }

    /** Weaves what is retransformed. */
    private static final class Once implements ClassFileTransformer {
        private final FieldProbeWeaver weaver = new FieldProbeWeaver(Once::file);
        private final List<String> failed = new ArrayList<>();
        private boolean on;
        private int woven;
        private int sites;

        private static byte @Nullable [] file(String name) {
            try (InputStream in = ClassLoader.getSystemResourceAsStream(name + ".class")) {
                return in == null ? null : in.readAllBytes();
            } catch (IOException unreadable) {
                return null;
            }
        }

        @Override
        public byte @Nullable [] transform(
                @Nullable ClassLoader loader,
                @Nullable String name,
                @Nullable Class<?> type,
                @Nullable ProtectionDomain domain,
                byte[] bytes) {
            if (type == null || !on) {
                return null;
            }
            try {
                Probed probed = weaver.weave(bytes);
                woven += probed == null ? 0 : 1;
                sites += probed == null ? 0 : probed.sites().size();
                return probed == null ? null : probed.bytes();
            } catch (RuntimeException | Error refused) {
                failed.add(name + ": " + refused);
                return null;
            }
        }
    }
}
