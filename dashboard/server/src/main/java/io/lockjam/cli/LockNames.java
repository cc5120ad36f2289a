// SPDX-License-Identifier: Apache-2.0
package io.lockjam.cli;

import io.lockjam.attach.Attachment;
import io.lockjam.model.Fact;
import io.lockjam.model.Frame;
import io.lockjam.model.LockRef;
import io.lockjam.model.Owed;
import io.lockjam.model.Stack;
import io.lockjam.model.WaitKind;
import io.lockjam.name.ClassPathBytes;
import io.lockjam.name.LocalSignal;
import io.lockjam.name.LockNamer;
import io.lockjam.name.LookLoop;
import io.lockjam.name.LostLines;
import io.lockjam.name.OwedCode;
import io.lockjam.name.SignalCode;
import io.lockjam.name.SourceFiles;
import io.lockjam.window.LockNaming;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Names locks from the class files of a live target: found where the target loaded them from, else asked of the agent. */
final class LockNames implements LockNaming, AutoCloseable {
    private final Attachment attachment;
    private final ClassPathBytes files;
    private final LockNamer namer;
    private final ObjectNames objects;
    private final LookLoop loops;
    private final SignalCode signals;
    private final OwedCode owed;
    private final LocalSignal locals;
    private final LostLines lines;
    private final Set<String> asked = ConcurrentHashMap.newKeySet();

    /** @param rewritten whether the target may run a class with other bytecode indexes than its file has */
    LockNames(Attachment attachment, Predicate<String> rewritten) {
        this.attachment = attachment;
        files = new ClassPathBytes(List.of(), attachment.target().javaHome());
        namer = new LockNamer(this::bytes, rewritten, this::found);
        objects = new ObjectNames(namer);
        loops = new LookLoop(this::bytes);
        signals = new SignalCode(this::bytes);
        owed = new OwedCode(this::bytes);
        locals = new LocalSignal(this::bytes);
        lines = new LostLines(this::bytes);
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
    public boolean leavesOpen(String name) {
        return LockNamer.leavesOpen(name);
    }

    @Override
    public boolean polls(Stack stack) {
        return loops.looks(stack);
    }

    @Override
    public boolean waitsOnce(Stack stack) {
        return signals.waitsOnce(stack);
    }

    @Override
    public Stack withLines(Stack stack) {
        return lines.found(stack);
    }

    @Override
    public Set<Owed> owes(Stack stack) {
        return owed.owes(stack);
    }

    @Override
    public boolean runsTaskOf(Stack runner, Stack waiter) {
        return owed.runsTaskOf(runner, waiter);
    }

    @Override
    public Set<String> places(Stack waiter, WaitKind kind, String name) {
        return owed.places(waiter, kind, name);
    }

    @Override
    public Set<String> givers(Stack waiter, WaitKind kind) {
        return locals.givers(waiter, kind);
    }

    @Override
    public boolean wakesOne(Frame frame) {
        return signals.wakesOne(frame);
    }

    @Override
    public void close() {
        files.close();
    }

    /** Sources of the target's classes, as far as they lie where builds leave them. */
    SourceFiles sources() {
        return new SourceFiles(
                this::origin, attachment.target().javaHome(), Path.of("").toAbsolutePath());
    }

    private String origin(String className) {
        try {
            return attachment.origins(List.of(className)).get(0);
        } catch (IOException | IndexOutOfBoundsException gone) {
            return "";
        }
    }

    private byte @Nullable [] bytes(String className) {
        try {
            if (asked.add(className)) {
                String location = origin(className);
                if (!location.isEmpty()) {
                    files.origin(className, location);
                }
            }
            byte[] onDisk = files.of(className);
            return onDisk != null ? onDisk : attachment.classFile(className.replace('.', '/'));
        } catch (IOException | IndexOutOfBoundsException gone) {
            return null;
        }
    }

    /** The recording keeps the name, so that the file alone tells it later. */
    void found(Fact.Named named) {
        try {
            attachment.note(NoteRows.of(named).orElseThrow());
        } catch (IOException gone) {
            return; // the session has it anyway
        }
    }
}
