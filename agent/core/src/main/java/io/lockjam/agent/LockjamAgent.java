// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import java.lang.instrument.Instrumentation;
import org.jspecify.annotations.Nullable;

/** The two methods through which the JVM starts the agent. */
public final class LockjamAgent {
    /**
     * The first one this JVM gave us. Every loadAgent makes a new one, which knows nothing of what the first has woven, so
     * a second is not used.
     */
    private static volatile @Nullable Instrumentation first;

    private static @Nullable AgentMain current;

    private LockjamAgent() {}

    /** Called before {@code main} when the agent is on the command line. Never throws. */
    public static void premain(@Nullable String arguments, Instrumentation instrumentation) {
        try {
            AgentConfig config = AgentConfig.parse(arguments);
            if (running() == null) {
                begin(instrumentation, config).startBeforeMain();
            } else {
                Console.say("the agent is in already; the options of a second -javaagent are not used");
            }
        } catch (ConfigException unclear) {
            Console.say(unclear.getMessage() + "; the agent stays out");
        } catch (Throwable fault) { // a boundary: the application starts all the same
            Console.say("not installed, the application runs unobserved: " + fault);
        }
    }

    /** Called when the agent is loaded into a running JVM. Never throws; returns at once. */
    public static void agentmain(@Nullable String arguments, Instrumentation instrumentation) {
        try {
            AgentConfig config = AgentConfig.parse(arguments);
            AgentMain running = running();
            if (running != null && running.redial(config)) {
                return;
            }
            begin(instrumentation, config).startAttached();
        } catch (ConfigException unclear) { // as from a newer lockjam: classes of an agent that has left stay loaded
            Console.say(unclear.getMessage() + "; the agent stays out");
            LastWords.leave(AgentConfig.session(arguments), unclear);
        } catch (Throwable fault) { // a boundary
            Console.say("not installed, the application runs unobserved: " + fault);
            LastWords.leave(AgentConfig.session(arguments), fault);
        }
    }

    private static synchronized @Nullable AgentMain running() {
        return current;
    }

    private static synchronized AgentMain begin(Instrumentation instrumentation, AgentConfig config) {
        if (first == null) {
            first = instrumentation;
        }
        AgentMain main = new AgentMain(first, config);
        current = main;
        return main;
    }

    /** Starts the agent again with the instrumentation it had. */
    static void startAttached(AgentConfig config) {
        Instrumentation known = first;
        if (known != null) {
            begin(known, config).startAttached();
        }
    }

    static synchronized void ended(AgentMain main) {
        if (current == main) {
            current = null;
        }
    }

    static String version() {
        Package own = LockjamAgent.class.getPackage();
        String version = own == null ? null : own.getImplementationVersion();
        return version == null ? "dev" : version;
    }
}
