// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.Instrumentation;
import java.net.URL;
import java.security.CodeSource;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where classes come from and what their files hold, without running code of the application's class loaders. */
final class LoadedClasses {
    private static final int LARGEST_CLASS = 4 << 20;
    /** Of {@code java Source.java}, whose classes lie in memory only. */
    private static final String LAUNCHER = "jdk.compiler";

    private final Instrumentation instrumentation;

    LoadedClasses(Instrumentation instrumentation) {
        this.instrumentation = instrumentation;
    }

    /** For each class name with dots: where it was loaded from, or an empty text. */
    List<String> origins(List<String> names) {
        Map<String, String> found = new HashMap<>();
        names.forEach(name -> found.put(name, ""));
        for (Class<?> type : instrumentation.getAllLoadedClasses()) {
            if (found.containsKey(type.getName())) {
                found.merge(type.getName(), origin(type), (one, other) -> one.isEmpty() ? other : one);
            }
        }
        List<String> origins = new ArrayList<>();
        names.forEach(name -> origins.add(found.get(name)));
        return origins;
    }

    /** The name of the loaded subclass of a class; null if there is none, and if there are several, words for one of them. */
    @Nullable
    String subclass(String name) {
        String found = null;
        for (Class<?> type : instrumentation.getAllLoadedClasses()) {
            Class<?> above = type.getSuperclass();
            while (above != null && !above.getName().equals(name)) {
                above = above.getSuperclass();
            }
            if (above != null) {
                found = found == null || found.equals(type.getName()) ? type.getName() : name + "'s subclass";
            }
        }
        return found;
    }

    static String origin(Class<?> type) {
        return origin(type.getProtectionDomain());
    }

    static String origin(@Nullable ProtectionDomain domain) {
        CodeSource source = domain == null ? null : domain.getCodeSource();
        URL url = source == null ? null : source.getLocation();
        // not toString(): a URL may have a handler of the application's; host and user are nobody's business
        return url == null ? "" : url.getProtocol() + ":" + url.getFile();
    }

    /** The class file as the JDK's own class loaders find it; null if they do not. */
    byte @Nullable [] bytes(String internalName) throws IOException {
        String file = internalName + ".class";
        if (!internalName.matches("[\\p{L}\\p{N}_$/-]+")) {
            return null;
        }
        InputStream open = ClassLoader.getPlatformClassLoader().getResourceAsStream(file);
        ClassLoader system = ClassLoader.getSystemClassLoader();
        if (open == null && system.getClass().getModule() == Object.class.getModule()) {
            open = system.getResourceAsStream(file);
        }
        ClassLoader launcher = open == null ? launcher() : null;
        if (launcher != null) {
            open = launcher.getResourceAsStream(file);
        }
        if (open == null) {
            return null;
        }
        try (InputStream in = open) {
            byte[] bytes = in.readNBytes(LARGEST_CLASS + 1);
            return bytes.length > LARGEST_CLASS ? null : bytes;
        }
    }

    /** The loader of a program that was started by the name of its source; null if this one was not. */
    private @Nullable ClassLoader launcher() {
        for (Class<?> type : instrumentation.getAllLoadedClasses()) {
            ClassLoader loader = type.getClassLoader();
            if (loader != null && LAUNCHER.equals(loader.getClass().getModule().getName())) {
                return loader;
            }
        }
        return null;
    }
}
