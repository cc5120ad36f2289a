// SPDX-License-Identifier: Apache-2.0
package io.lockjam.cli;

import io.lockjam.event.NameEvent;
import io.lockjam.model.Fact;
import io.lockjam.model.LockRef;
import io.lockjam.model.Stack;
import io.lockjam.model.WaitKind;
import io.lockjam.name.ClassPathBytes;
import io.lockjam.name.LockNamer;
import io.lockjam.name.SourceFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Names locks as the recording says they were named while the target's classes were at hand; what else the code tells is found in class files that
 * are still where the recording says they were, and as old.
 */
final class RecordedNames extends CodeNaming {
    private final LockNamer namer = new LockNamer(className -> null);
    private final ClassPathBytes files;
    private final LockNamer found;
    private final ObjectNames objects;

    RecordedNames() {
        this(new ClassPathBytes(List.of(), null));
    }

    private RecordedNames(ClassPathBytes files) {
        super(files, className -> false);
        this.files = files;
        found = new LockNamer(files);
        objects = new ObjectNames(found);
    }

    @Override
    public Optional<String> name(WaitKind kind, LockRef lock, Stack stack) {
        return namer.exact(stack, lock, kind).or(() -> found.exact(stack, lock, kind));
    }

    @Override
    public void learn(Fact.Named named) {
        if (named.site().startsWith(NameEvent.ORIGIN)) {
            files.notAfter(named.at());
            files.origin(named.site().substring(NameEvent.ORIGIN.length()), named.name());
            files.also(named.name());
        } else if (named.site().equals(NameEvent.CLASS_PATH)) {
            files.notAfter(named.at());
            for (String each : named.name().split(":")) {
                if (each.startsWith("/")) { // where the others begin is not known
                    files.also(each);
                }
            }
        } else {
            namer.learn(named);
        }
    }

    ObjectNames objects() {
        return objects;
    }

    /** Sources beside the class files, and in the project from which we were started. */
    SourceFiles sources() {
        return new SourceFiles(files::placeOf, null, Path.of("").toAbsolutePath());
    }
}
