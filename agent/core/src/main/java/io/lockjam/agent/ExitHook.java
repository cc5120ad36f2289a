// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

/** Takes the session folder away when the JVM ends, and is taken away itself when the agent leaves earlier. */
final class ExitHook {
    private final Thread hook;

    private ExitHook(Thread hook) {
        this.hook = hook;
    }

    static ExitHook add(SessionFolder session, OwnThreads threads) {
        Thread hook = threads.atExit("Exit", session::leave);
        try {
            Runtime.getRuntime().addShutdownHook(hook);
        } catch (IllegalStateException endingAlready) {
            session.leave();
        }
        return new ExitHook(hook);
    }

    void remove() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException endingAlready) {
            // it runs
        }
    }
}
