// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import java.util.Set;
import java.util.regex.Pattern;

/** The JVM's own threads, which nobody in the application waits for or can change; names as in 17 to 25. */
public final class JvmThreads {
    /** They wait inside native code. */
    private static final Set<String> IN_NATIVE = Set.of(
            "Attach Listener",
            "Signal Dispatcher",
            "Reference Handler",
            "Notification Thread",
            "Service Thread",
            "Monitor Deflation Thread",
            "JFR Recorder Thread",
            "VirtualThread-unblocker",
            "DestroyJavaVM");

    /** They wait in native code for sockets, on behalf of virtual threads; of a group of them the number is a sharp. */
    private static final Pattern POLLER = Pattern.compile("(Master-?|Sub|(Read|Write)-(Sub)?)Poller(-[\\d#]+)?");

    private static final Set<String> IN_JAVA = Set.of("Finalizer", "Common-Cleaner", "VirtualThread-unparker");

    private JvmThreads() {}

    /** Whether the JVM says RUNNABLE of it all the time, although it stands by in native code. */
    public static boolean standBy(String name) {
        return IN_NATIVE.contains(name) || POLLER.matcher(name).matches();
    }

    public static boolean contain(String name) {
        return standBy(name) || IN_JAVA.contains(name) || name.startsWith("JFR ");
    }
}
