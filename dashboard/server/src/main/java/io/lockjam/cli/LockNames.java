// SPDX-License-Identifier: Apache-2.0
package io.lockjam.cli;

import io.lockjam.attach.Attachment;
import io.lockjam.event.NameEvent;
import io.lockjam.model.Fact;
import io.lockjam.model.LockRef;
import io.lockjam.model.Stack;
import io.lockjam.model.WaitKind;
import io.lockjam.name.ClassPathBytes;
import io.lockjam.name.LockNamer;
import io.lockjam.name.SourceFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Names locks from the class files of a live target: found where the target loaded them from, else asked of the agent. */
final class LockNames extends CodeNaming implements AutoCloseable {
    private final Attachment attachment;
    private final TargetBytes classes;
    private final LockNamer namer;
    private final ObjectNames objects;

    /** @param rewritten whether the target may run a class with other bytecode indexes than its file has */
    LockNames(Attachment attachment, Predicate<String> rewritten) {
        this(attachment, rewritten, classes(attachment));
    }

    private LockNames(Attachment attachment, Predicate<String> rewritten, TargetBytes classes) {
        super(classes, rewritten);
        this.attachment = attachment;
        this.classes = classes;
        namer = new LockNamer(classes, rewritten, this::found);
        objects = new ObjectNames(namer);
    }

    @Override
    public Optional<String> name(WaitKind kind, LockRef lock, Stack stack) {
        freshen();
        return namer.exact(stack, lock, kind);
    }

    @Override
    boolean asksAnew() {
        boolean anew = classes.asksAnew();
        if (anew) {
            namer.askAnew();
        }
        return anew;
    }

    /** What the code calls the objects of races and the locks of nestings. */
    ObjectNames objects() {
        return objects;
    }

    @Override
    public void close() {
        classes.close();
    }

    /** Sources of the target's classes, as far as they lie where builds leave them. */
    SourceFiles sources() {
        return new SourceFiles(
                classes::origin, attachment.target().javaHome(), Path.of("").toAbsolutePath());
    }

    /** The recording keeps the name, so that the file alone tells it later. */
    void found(Fact.Named named) {
        note(attachment, named);
    }

    private static TargetBytes classes(Attachment attachment) {
        TargetBytes.Agent agent = new TargetBytes.Agent() {
            @Override
            public String origin(String className) throws IOException {
                List<String> found = attachment.origins(List.of(className));
                return found.isEmpty() ? "" : found.get(0);
            }

            @Override
            public byte @Nullable [] classFile(String className) throws IOException {
                return attachment.classFile(className.replace('.', '/'));
            }
        };
        ClassPathBytes files = new ClassPathBytes(List.of(), attachment.target().javaHome());
        return new TargetBytes(agent, files, (name, place) -> keep(attachment, name, place), System::nanoTime);
    }

    /** So that the recording tells later what its code tells. */
    private static void keep(Attachment attachment, String className, String place) {
        note(attachment, new Fact.Named(Instant.now(), NameEvent.ORIGIN + className, place));
    }

    private static void note(Attachment attachment, Fact.Named named) {
        try {
            attachment.note(NoteRows.of(named).orElseThrow());
        } catch (IOException gone) {
            return; // the session has it anyway
        }
    }
}
