// SPDX-License-Identifier: Apache-2.0
package io.lockjam.cli;

import io.lockjam.attach.Attachment;
import io.lockjam.event.NameEvent;
import io.lockjam.model.Fact;
import io.lockjam.model.LockRef;
import io.lockjam.model.Stack;
import io.lockjam.model.WaitKind;
import io.lockjam.name.ClassBytes;
import io.lockjam.name.ClassPathBytes;
import io.lockjam.name.LockNamer;
import io.lockjam.name.SourceFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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
        this(attachment, rewritten, new TargetBytes(attachment));
    }

    private LockNames(Attachment attachment, Predicate<String> rewritten, TargetBytes classes) {
        super(classes);
        this.attachment = attachment;
        this.classes = classes;
        namer = new LockNamer(classes, rewritten, this::found);
        objects = new ObjectNames(namer);
    }

    @Override
    public Optional<String> name(WaitKind kind, LockRef lock, Stack stack) {
        return namer.exact(stack, lock, kind);
    }

    /** What the code calls the objects of races and the locks of nestings. */
    ObjectNames objects() {
        return objects;
    }

    @Override
    public void close() {
        classes.files.close();
    }

    /** Sources of the target's classes, as far as they lie where builds leave them. */
    SourceFiles sources() {
        return new SourceFiles(
                classes::origin, attachment.target().javaHome(), Path.of("").toAbsolutePath());
    }

    /** The recording keeps the name, so that the file alone tells it later. */
    void found(Fact.Named named) {
        try {
            attachment.note(NoteRows.of(named).orElseThrow());
        } catch (IOException gone) {
            return; // the session has it anyway
        }
    }

    /** Class files of the target. */
    private static final class TargetBytes implements ClassBytes {
        private final Attachment attachment;
        private final ClassPathBytes files;
        private final Set<String> asked = ConcurrentHashMap.newKeySet();

        TargetBytes(Attachment attachment) {
            this.attachment = attachment;
            files = new ClassPathBytes(List.of(), attachment.target().javaHome());
        }

        private String origin(String className) {
            try {
                return attachment.origins(List.of(className)).get(0);
            } catch (IOException | IndexOutOfBoundsException gone) {
                return "";
            }
        }

        @Override
        public List<String> beside(String className, String prefix) {
            learn(className);
            List<String> found = files.beside(className, prefix);
            found.stream().filter(asked::add).forEach(each -> files.sameOrigin(each, className));
            return found;
        }

        /** So that the recording tells later what its code tells. */
        private void keep(Fact.Named origin) {
            try {
                attachment.note(NoteRows.of(origin).orElseThrow());
            } catch (IOException gone) {
                return; // nothing else needs it
            }
        }

        private void learn(String className) {
            if (asked.add(className)) {
                String location = origin(className);
                if (!location.isEmpty()) {
                    files.origin(className, location);
                    keep(new Fact.Named(Instant.now(), NameEvent.ORIGIN + className, location));
                }
            }
        }

        @Override
        public byte @Nullable [] of(String className) {
            try {
                learn(className);
                byte[] onDisk = files.of(className);
                return onDisk != null ? onDisk : attachment.classFile(className.replace('.', '/'));
            } catch (IOException | IndexOutOfBoundsException gone) {
                return null;
            }
        }
    }
}
