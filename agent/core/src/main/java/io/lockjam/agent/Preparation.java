// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import java.lang.instrument.Instrumentation;

/**
 * What must have happened before any class that mentions the hooks is linked: java.base opened, boot classes defined.
 * Mentions none of them itself.
 */
final class Preparation {
    private Preparation() {}

    /**
     * Idempotent.
     *
     * @param load whether modules that the application was started without may be loaded; not before main
     * @return whether the event types are there
     */
    static boolean prepare(Instrumentation instrumentation, boolean load) throws Throwable {
        Openings.toAgent(instrumentation);
        boolean events = load ? Openings.module("jdk.jfr").isPresent() : Openings.inBootLayer("jdk.jfr");
        BootClasses.define(events);
        Openings.toHooks(
                instrumentation,
                Class.forName("io.lockjam.boot.Hooks", false, null).getModule());
        return events;
    }
}
