// SPDX-License-Identifier: Apache-2.0
package io.lockjam.cli;

import io.lockjam.attach.IoReason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A file named on the command line that a command is to write. */
final class OutputFile {
    private OutputFile() {}

    /** Makes a file that is not there yet. */
    @FunctionalInterface
    interface Maker {
        void make(Path file) throws IOException;
    }

    /** @throws Failure if it is a folder, or its folder is not there or not ours to write to */
    static void check(Path file) throws Failure {
        Path folder = file.toAbsolutePath().getParent();
        if (file.toString().isEmpty()) {
            throw new Failure(Exit.USAGE, "Expected the name of a file to write, got nothing.");
        }
        if (Files.isDirectory(file)) {
            throw new Failure(Exit.USAGE, "Cannot write " + file + ": it is a folder.");
        }
        if (folder == null || !Files.isDirectory(folder)) {
            throw new Failure(Exit.USAGE, "Cannot write " + file + ": there is no folder " + folder + ".");
        }
        if (!Files.isWritable(Files.exists(file) ? file : folder)) {
            throw new Failure(Exit.USAGE, "Cannot write " + file + ": permission denied.");
        }
    }

    /** Fails if it is the recording that is read. */
    static void mustNotBe(Path file, Path recording) throws Failure {
        try {
            if (Files.exists(file) && Files.exists(recording) && Files.isSameFile(file, recording)) {
                throw new Failure(Exit.USAGE, "Cannot write " + file + ": it is the recording that is read.");
            }
        } catch (IOException unknown) {
            throw new Failure(Exit.USAGE, "Cannot write " + file + ": " + IoReason.of(unknown) + ".", unknown);
        }
    }

    /** The same of a file that {@link #replace} is to write: a device or a pipe would become a file, and a new one needs a folder. */
    static void checkReplaceable(Path file) throws Failure {
        check(file);
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new Failure(Exit.USAGE, "Cannot write " + file + ": it is not an ordinary file.");
        }
        try {
            Path folder = folder(place(file));
            if (!Files.isWritable(folder)) {
                throw new Failure(Exit.USAGE, "Cannot write " + file + ": no new file can be made in " + folder + ".");
            }
        } catch (IOException failed) {
            throw new Failure(Exit.USAGE, "Cannot write " + file + ": " + IoReason.of(failed) + ".", failed);
        }
    }

    /** Has a new file made, which takes the place of {@code file} once it is whole; what was there stays until then. */
    static void replace(Path file, Maker maker) throws IOException {
        Path place = place(file);
        Path draft = Files.createTempFile(folder(place), ".lockjam", ".draft");
        try {
            Files.delete(draft);
            maker.make(draft);
            Files.move(draft, place, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    /** Writes a text; one that cannot be written there goes to the system's temporary folder, for it cannot be had again. */
    static void write(Path file, String text) throws Failure {
        byte[] content = text.getBytes(StandardCharsets.UTF_8); // half a surrogate pair becomes a question mark
        try {
            Files.write(file, content);
        } catch (IOException failed) {
            throw elsewhere(file, failed, place -> Files.write(place, content));
        }
    }

    /** The failure to tell, after another place has been tried. */
    static Failure elsewhere(Path file, IOException failed, Maker maker) {
        String sentence = "Cannot write " + file + ": " + IoReason.of(failed);
        try {
            Path folder = Files.createTempDirectory("lockjam-");
            Path kept = folder.resolve(String.valueOf(file.getFileName()));
            try {
                maker.make(kept);
                return new Failure(Exit.USAGE, sentence + "; it is in " + kept + " instead.", failed);
            } catch (IOException nowhere) {
                Files.deleteIfExists(kept);
                Files.delete(folder);
            }
        } catch (IOException nowhere) {
            return new Failure(Exit.USAGE, sentence + ".", failed);
        }
        return new Failure(Exit.USAGE, sentence + ".", failed);
    }

    private static Path folder(Path place) throws IOException {
        Path folder = place.getParent();
        if (folder == null) {
            throw new IOException("it is in no folder");
        }
        return folder;
    }

    /** The file behind a link rather than the link. */
    private static Path place(Path file) throws IOException {
        return Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
    }
}
