// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Tells the lockjam process that waits for the agent why it will not come. */
final class LastWords {
    private static final String FILE = "failed";

    private LastWords() {}

    /** @param session the folder that agent and lockjam process share; null if no such process waits */
    static void leave(@Nullable String session, Throwable fault) {
        if (session == null) {
            return;
        }
        try (FileOutputStream out = new FileOutputStream(session + "/" + FILE)) {
            out.write(fault.toString().getBytes(StandardCharsets.UTF_8));
        } catch (IOException | SecurityException nowhere) {
            return; // standard error has it
        }
    }
}
