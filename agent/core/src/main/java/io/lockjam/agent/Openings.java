// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import java.lang.instrument.Instrumentation;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What of java.base has to be open to the agent and the hooks, opened by the JVM's own means. */
final class Openings {
    private static final Set<String> TO_AGENT = Set.of(
            "java.lang",
            "java.util.concurrent",
            "java.util.concurrent.locks",
            "jdk.internal.misc",
            "jdk.internal.module",
            "jdk.internal.vm",
            "sun.launcher");
    private static final Set<String> TO_HOOKS =
            Set.of("java.lang", "java.util", "java.util.concurrent", "java.util.concurrent.locks");

    private Openings() {}

    /** Opens java.base to the agent. Permanent for the life of the JVM: the module system has no way back. */
    static void toAgent(Instrumentation instrumentation) {
        Module base = Object.class.getModule();
        open(instrumentation, TO_AGENT, base, Openings.class.getModule(), Set.of());
    }

    /** Lets woven classes of java.base reach the hooks, and the hooks the fields they read. */
    static void toHooks(Instrumentation instrumentation, Module hooks) {
        open(instrumentation, TO_HOOKS, Object.class.getModule(), hooks, Set.of(hooks));
    }

    private static void open(
            Instrumentation instrumentation, Set<String> packages, Module base, Module to, Set<Module> reads) {
        Map<String, Set<Module>> opens = new java.util.HashMap<>();
        for (String name : packages) {
            if (base.getPackages().contains(name)) {
                opens.put(name, Set.of(to));
            }
        }
        instrumentation.redefineModule(base, reads, Map.of(), opens, Set.of(), Map.of());
    }

    /**
     * A module of the JDK, loaded if the application was started without it (as {@code jcmd JFR.start} does); empty if
     * this JDK does not have it.
     */
    static Optional<Module> module(String name) {
        Optional<Module> present = ModuleLayer.boot().findModule(name);
        if (present.isPresent()) {
            return present;
        }
        try {
            MethodHandle load = MethodHandles.lookup()
                    .findStatic(
                            Class.forName("jdk.internal.module.Modules"),
                            "loadModule",
                            MethodType.methodType(Module.class, String.class));
            return Optional.of((Module) load.invoke(name));
        } catch (Throwable absent) { // whatever the JDK says, the module cannot be had
            return Optional.empty();
        }
    }

    static boolean inBootLayer(String name) {
        return ModuleLayer.boot().findModule(name).isPresent();
    }
}
