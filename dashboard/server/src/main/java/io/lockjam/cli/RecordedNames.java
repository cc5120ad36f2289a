// SPDX-License-Identifier: Apache-2.0
package io.lockjam.cli;

import io.lockjam.event.NameEvent;
import io.lockjam.model.Fact;
import io.lockjam.model.LockRef;
import io.lockjam.model.Stack;
import io.lockjam.model.WaitKind;
import io.lockjam.name.ClassPathBytes;
import io.lockjam.name.LockNamer;
import java.util.List;
import java.util.Optional;

/**
 * Names locks as the recording says they were named while the target's classes were at hand; what the objects of races are
 * called, and how a method waits, is found in class files that are still where the recording says they were.
 */
final class RecordedNames extends CodeNaming {
    private final LockNamer namer = new LockNamer(className -> null);
    private final ClassPathBytes files;
    private final ObjectNames objects;

    RecordedNames() {
        this(new ClassPathBytes(List.of(), null));
    }

    private RecordedNames(ClassPathBytes files) {
        super(files);
        this.files = files;
        objects = new ObjectNames(new LockNamer(files));
    }

    @Override
    public Optional<String> name(WaitKind kind, LockRef lock, Stack stack) {
        return namer.exact(stack, lock, kind);
    }

    @Override
    public void learn(Fact.Named named) {
        if (named.site().startsWith(NameEvent.ORIGIN)) {
            files.origin(named.site().substring(NameEvent.ORIGIN.length()), named.name());
        } else {
            namer.learn(named);
        }
    }

    ObjectNames objects() {
        return objects;
    }
}
