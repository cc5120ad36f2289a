// SPDX-License-Identifier: Apache-2.0
package io.lockjam.cli;

import io.lockjam.attach.Attachment;
import io.lockjam.model.Fact;
import io.lockjam.model.Frame;
import io.lockjam.model.LockRef;
import io.lockjam.model.Stack;
import io.lockjam.model.WaitKind;
import io.lockjam.name.ClassPathBytes;
import io.lockjam.name.LockNamer;
import io.lockjam.name.LookLoop;
import io.lockjam.name.SourceFiles;
import io.lockjam.source.StackText;
import io.lockjam.window.LockNaming;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Names locks from the class files of a live target: found where the target loaded them from, else asked of the agent. */
final class LockNames implements LockNaming, AutoCloseable {
    private final Attachment attachment;
    private final ClassPathBytes files;
    private final LockNamer namer;
    private final LookLoop loops;
    private final Set<String> asked = ConcurrentHashMap.newKeySet();

    /** @param rewritten whether the target may run a class with other bytecode indexes than its file has */
    LockNames(Attachment attachment, Predicate<String> rewritten) {
        this.attachment = attachment;
        files = new ClassPathBytes(List.of(), attachment.javaHome());
        namer = new LockNamer(this::bytes, rewritten, this::found);
        loops = new LookLoop(this::bytes);
    }

    @Override
    public Optional<String> name(WaitKind kind, LockRef lock, Stack stack) {
        return namer.exact(stack, lock, kind);
    }

    /** The names that the two sides of a race have for what they use, as far as their code tells. */
    List<Fact.Named> named(Fact.RaceSeen race) {
        boolean call = race.target().equals("call");
        if (!call && !race.target().equals("array")) {
            return List.of(); // fields have names
        }
        return Stream.of(race.first(), race.second())
                .flatMap(side -> namer
                        .used(side.stack(), call ? side.call() : null)
                        .map(name -> new Fact.Named(race.at(), side.site(race.target()), name))
                        .stream())
                .toList();
    }

    /** The names of the two locks of a nesting, by their lines: the woven code has other indexes than the class file. */
    List<Fact.Named> named(Fact.LockOrderSeen order) {
        List<Frame> lines = order.stack().frames().stream()
                .map(at -> new Frame(at.className(), at.method(), at.descriptor(), at.file(), at.line(), -1))
                .toList();
        List<Fact.Named> all = new ArrayList<>();
        name(order.wanted(), new Stack(lines)).ifPresent(name -> all.add(order.named(order.wanted(), name)));
        List<Frame> held = StackText.frames(order.heldAt());
        name(order.held(), new Stack(held)).ifPresent(name -> all.add(order.named(order.held(), name)));
        return all;
    }

    /** A synchronized method tells no name: people know the monitor by its class. */
    private Optional<String> name(LockRef lock, Stack stack) {
        boolean juc = lock.className().startsWith("java.util.concurrent.locks.");
        return namer.exact(stack, lock, juc ? WaitKind.LOCK : WaitKind.MONITOR)
                .filter(name -> !name.startsWith("synchronized "));
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
    public void close() {
        files.close();
    }

    /** Sources of the target's classes, as far as they lie where builds leave them. */
    SourceFiles sources() {
        return new SourceFiles(this::origin, attachment.javaHome(), Path.of("").toAbsolutePath());
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
