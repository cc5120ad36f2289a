// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import io.lockjam.boot.Predictions;
import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Probes that stay: put into each class that matches as it is loaded, so that a method that never returns has them too.
 *
 * <p>Class files of superclasses are read by the class loader at hand, on the thread that loads the class.
 */
final class StandingProbes implements ClassFileTransformer {
    private static final int LARGEST_CLASS = 4 << 20;
    private static final int MOST_FAILED = 200;
    private static final int MOST_ORIGINS = 2_000;
    private static final int BATCH = 20;

    private final Instrumentation instrumentation;
    private final Patterns patterns;
    private final BiFunction<Function<String, byte[]>, byte[], byte[]> prober;
    private final boolean predicts;
    private final ProbeSight sight = new ProbeSight();
    private final Set<String> woven = ConcurrentHashMap.newKeySet();
    /** Where woven classes came from, until that is told. */
    private final Map<String, String> origins = new ConcurrentHashMap<>();

    private final List<String> failed = Collections.synchronizedList(new ArrayList<>());
    private volatile boolean over;

    StandingProbes(
            Instrumentation instrumentation,
            Patterns patterns,
            BiFunction<Function<String, byte[]>, byte[], byte[]> prober,
            boolean predicts) {
        this.instrumentation = instrumentation;
        this.patterns = patterns;
        this.prober = prober;
        this.predicts = predicts;
    }

    /** From now on; classes that are loaded already get their probes before this returns. */
    void begin() {
        instrumentation.addTransformer(this, true);
        retransform(loaded());
    }

    /** Every class has the bytes again that it had without us. */
    void end() {
        over = true;
        instrumentation.removeTransformer(this);
        retransform(
                loaded().stream().filter(type -> woven.contains(type.getName())).toList());
    }

    /** Names with dots, sorted, of the classes that have probes. */
    List<String> woven() {
        return List.copyOf(new TreeSet<>(woven));
    }

    /** "name: why" of those that could not get them. */
    List<String> failed() {
        synchronized (failed) {
            return List.copyOf(failed);
        }
    }

    List<String> patterns() {
        return patterns.texts();
    }

    boolean predicts() {
        return predicts;
    }

    boolean covers(String className) {
        return patterns.match(className);
    }

    /** Classes that match and are loaded. */
    List<Class<?>> loaded() {
        List<Class<?>> found = new ArrayList<>();
        for (Class<?> type : instrumentation.getAllLoadedClasses()) {
            if (Patterns.mayProbe(type) && patterns.match(type.getName()) && instrumentation.isModifiableClass(type)) {
                found.add(type);
            }
        }
        return found;
    }

    @Override
    public byte @Nullable [] transform(
            @Nullable ClassLoader loader,
            @Nullable String name,
            @Nullable Class<?> type,
            @Nullable ProtectionDomain domain,
            byte[] bytes) {
        if (over || name == null || loader == null || loader == ClassLoader.getPlatformClassLoader()) {
            return null;
        }
        String className = name.replace('/', '.');
        if (!patterns.match(className)) {
            return null;
        }
        try {
            if (!sight.of(loader)) {
                fail(className, "its class loader does not see the probes");
                return null;
            }
            byte[] probed = prober.apply(file -> read(loader, file), bytes);
            if (probed != null) {
                woven.add(className);
                noteOrigin(className, domain);
            }
            return probed;
        } catch (Throwable fault) { // a boundary: the class stays as it is
            fail(className, fault.toString());
            return null;
        }
    }

    private void noteOrigin(String className, @Nullable ProtectionDomain domain) {
        String origin = LoadedClasses.origin(domain);
        if (!origin.isEmpty() && origins.size() < MOST_ORIGINS) {
            origins.put(className, origin);
        }
    }

    /** Where the class was loaded from, the first time it is asked; null if that is not known, or was told. */
    @Nullable
    String takeOrigin(String className) {
        return origins.remove(className);
    }

    List<String> untold() {
        return List.copyOf(origins.keySet());
    }

    private void fail(String className, String why) {
        if (failed.size() < MOST_FAILED) {
            failed.add(className + ": " + why);
        }
        if (predicts) {
            Predictions.stop(className + " could not be woven: " + why);
        }
    }

    private static byte @Nullable [] read(ClassLoader loader, String internalName) {
        try (InputStream in = loader.getResourceAsStream(internalName + ".class")) {
            byte[] bytes = in == null ? null : in.readNBytes(LARGEST_CLASS + 1);
            return bytes == null || bytes.length > LARGEST_CLASS ? null : bytes;
        } catch (IOException | RuntimeException unreadable) {
            return null;
        }
    }

    private void retransform(List<Class<?>> classes) {
        for (int from = 0; from < classes.size(); from += BATCH) {
            List<Class<?>> part = classes.subList(from, Math.min(classes.size(), from + BATCH));
            try {
                instrumentation.retransformClasses(part.toArray(new Class<?>[0]));
            } catch (UnmodifiableClassException | LinkageError | InternalError refused) {
                part.forEach(this::retransformAlone);
            }
        }
    }

    private void retransformAlone(Class<?> type) {
        try {
            instrumentation.retransformClasses(type);
        } catch (UnmodifiableClassException | LinkageError | InternalError refused) {
            woven.remove(type.getName());
            fail(type.getName(), refused.toString());
        }
    }
}
