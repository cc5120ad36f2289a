// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Frame;
import io.lockjam.model.Libraries;
import io.lockjam.model.Stack;
import io.lockjam.model.WaitKind;
import java.util.Optional;

/** A monitor that code of the JDK or of a library takes: the application that calls it cannot hold it for less. */
final class ForeignLock {
    private ForeignLock() {}

    /** What to do instead; empty if the application takes the lock itself, or it is no monitor. */
    static Optional<String> change(LockTrouble trouble) {
        return trouble.lock.sites().stream()
                .limit(1)
                .filter(site -> trouble.lock.kind() == WaitKind.MONITOR)
                .flatMap(site -> change(site.stack()).stream())
                .findFirst();
    }

    private static Optional<String> change(Stack waits) {
        Optional<Frame> taker = waits.frames().stream().findFirst();
        boolean ofJdk = taker.filter(frame -> frame.isJdk() && !isOurs(frame)).isPresent();
        if (!ofJdk && taker.filter(frame -> Libraries.has(frame.className())).isEmpty()) {
            return Optional.empty();
        }
        String caller = waits.frames().stream()
                .filter(Frame::isOwn)
                .findFirst()
                .map(frame -> " (called from " + Words.place(frame) + ")")
                .orElse("");
        return Optional.of("The lock is taken in code of " + (ofJdk ? "the JDK" : "a library") + caller
                + ": let each thread have an object of its own for that, or call it less often or from fewer threads.");
    }

    private static boolean isOurs(Frame frame) {
        return frame.className().startsWith("io.lockjam.");
    }
}
