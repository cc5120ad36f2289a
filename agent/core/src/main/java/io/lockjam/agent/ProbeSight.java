// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import io.lockjam.boot.Crossing;
import io.lockjam.boot.LockProbe;
import io.lockjam.boot.Order;
import io.lockjam.boot.Predict;
import io.lockjam.boot.Probe;
import io.lockjam.boot.References;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Whether the classes of a loader can call the probes on the boot class path: not where it filters what it delegates, as OSGi does.
 *
 * <p>Felix answers us, whose stack has none of its bundles, and refuses its bundles. But what a loader has answered once the JVM keeps, and
 * does not ask again; so each class that a probe may call is asked for before any is woven in.
 */
final class ProbeSight {
    private static final List<Class<?>> CALLED =
            List.of(Probe.class, Predict.class, LockProbe.class, Order.class, Crossing.class, References.class);

    private final Map<ClassLoader, Boolean> known = Collections.synchronizedMap(new WeakHashMap<>());

    /** False for the boot loader: its classes get no probes. */
    boolean of(@Nullable ClassLoader loader) {
        if (loader == null) {
            return false;
        }
        Boolean sees = known.get(loader);
        if (sees == null) {
            sees = look(loader);
            known.put(loader, sees);
        }
        return sees;
    }

    private static boolean look(ClassLoader loader) {
        try {
            for (Class<?> each : CALLED) {
                if (Class.forName(each.getName(), false, loader) != each) {
                    return false;
                }
            }
            return true;
        } catch (ClassNotFoundException | LinkageError closed) {
            return false;
        }
    }
}
