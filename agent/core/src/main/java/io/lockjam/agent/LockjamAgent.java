// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import java.lang.instrument.Instrumentation;
import org.jspecify.annotations.Nullable;

/** The two methods through which the JVM starts the agent. */
public final class LockjamAgent {
    private LockjamAgent() {}

    /** Called before {@code main} when the agent is on the command line. */
    public static void premain(@Nullable String arguments, Instrumentation instrumentation) {}

    /** Called when the agent is loaded into a running JVM. */
    public static void agentmain(@Nullable String arguments, Instrumentation instrumentation) {}
}
