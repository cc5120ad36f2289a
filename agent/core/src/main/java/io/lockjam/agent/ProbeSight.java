// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import io.lockjam.boot.Probe;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/** Whether the classes of a loader can call the probes on the boot class path: not where it filters what it delegates, as OSGi does. */
final class ProbeSight {
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
            return Class.forName(Probe.class.getName(), false, loader) == Probe.class;
        } catch (ClassNotFoundException | LinkageError closed) {
            return false;
        }
    }
}
