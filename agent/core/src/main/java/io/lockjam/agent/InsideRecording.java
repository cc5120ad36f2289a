// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import java.io.File;
import java.io.IOException;
import java.text.ParseException;
import org.jspecify.annotations.Nullable;

/** The recording of an agent that was started with -javaagent, dumped at exit if a file was named. */
final class InsideRecording {
    /** How long the end of the JVM may be held up by the dump. */
    private static final long PATIENCE_MILLIS = 2_000;

    private final @Nullable Thread hook;

    private InsideRecording(@Nullable Thread hook) {
        this.hook = hook;
    }

    /** Starts the recording, or, where one of our name runs already, only sees to the dump. */
    static InsideRecording start(AgentConfig config, OwnThreads threads) throws IOException, ParseException {
        if (!OurRecording.running()) {
            OurRecording.start(config.deep(), config.recordFile() != null);
        }
        if (config.recordFile() == null) {
            return new InsideRecording(null);
        }
        File file = new File(config.recordFile()).getAbsoluteFile();
        Thread hook = threads.create("Dump", () -> dumpInTime(file, threads));
        Runtime.getRuntime().addShutdownHook(hook);
        return new InsideRecording(hook);
    }

    /** Stops the recording; nothing will be dumped. */
    void close() {
        if (hook != null) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException endingAlready) {
                return; // the dump is under way
            }
        }
        OurRecording.close();
    }

    private static void dumpInTime(File file, OwnThreads threads) {
        Thread writer = threads.create("Dump Writer", () -> {
            try {
                OurRecording.dump(file);
            } catch (IOException | RuntimeException failed) {
                Console.say("record: '" + file + "' could not be written: " + failed.getMessage());
            }
        });
        writer.start();
        try {
            writer.join(PATIENCE_MILLIS);
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
        if (writer.isAlive()) {
            Console.say("record: '" + file + "' was not complete after " + PATIENCE_MILLIS + " ms and may be damaged");
        }
    }
}
