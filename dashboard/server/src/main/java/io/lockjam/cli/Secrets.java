// SPDX-License-Identifier: Apache-2.0
package io.lockjam.cli;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Set;
import java.util.function.Predicate;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.jspecify.annotations.Nullable;

/**
 * Takes out of a recording what may hold passwords. Our own settings record none of it, but recordings of others in the
 * same JVM share the files and may, as the JDK's default.jfc and profile.jfc do.
 */
final class Secrets {
    /** Events with environment variables, system properties and command lines. */
    private static final Set<String> EVENTS = Set.of(
            "jdk.InitialEnvironmentVariable",
            "jdk.InitialSystemProperty",
            "jdk.SystemProcess",
            "jdk.JVMInformation",
            "jdk.ProcessStart");

    private Secrets() {}

    /** Whether a recording holds any of these events, as far as it can be read. */
    static boolean in(Path file) {
        try (RecordingFile recording = new RecordingFile(file)) {
            while (recording.hasMoreEvents()) {
                if (EVENTS.contains(recording.readEvent().getEventType().getName())) {
                    return true;
                }
            }
            return false;
        } catch (IOException unfinished) {
            return false;
        }
    }

    static void remove(Path file, Console console) throws IOException {
        Method write = writer();
        if (write == null) {
            console.warn("Another recording runs in this JVM, so the file may hold environment variables, system"
                    + " properties and command lines; run lockjam on JDK 19 or later to have them taken out.");
            return;
        }
        Path clean = Files.createTempFile(file.toAbsolutePath().getParent(), ".lockjam", ".jfr");
        Predicate<RecordedEvent> harmless =
                event -> !EVENTS.contains(event.getEventType().getName());
        try (RecordingFile recording = new RecordingFile(file)) {
            write.invoke(recording, clean, harmless);
            Files.move(clean, file, StandardCopyOption.REPLACE_EXISTING);
        } catch (InvocationTargetException failed) {
            throw new IOException("what may be secret could not be taken out of the recording", failed.getCause());
        } catch (IllegalAccessException impossible) {
            throw new IllegalStateException("RecordingFile.write is public", impossible);
        } finally {
            Files.deleteIfExists(clean);
        }
    }

    /** {@code RecordingFile.write} came with JDK 19; null before. */
    private static @Nullable Method writer() {
        try {
            return RecordingFile.class.getMethod("write", Path.class, Predicate.class);
        } catch (NoSuchMethodException old) {
            return null;
        }
    }
}
