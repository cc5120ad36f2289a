// SPDX-License-Identifier: Apache-2.0
package io.lockjam.cli;

import io.lockjam.model.Fact;
import io.lockjam.model.LockRef;
import io.lockjam.model.Stack;
import io.lockjam.model.WaitKind;
import io.lockjam.name.LockNamer;
import io.lockjam.window.LockNaming;
import java.util.Optional;

/** Names locks as the recording says they were named while the target's classes were at hand. */
final class RecordedNames implements LockNaming {
    private final LockNamer namer = new LockNamer(className -> null);

    @Override
    public Optional<String> name(WaitKind kind, LockRef lock, Stack stack) {
        return namer.exact(stack, lock, kind);
    }

    @Override
    public void learn(Fact.Named named) {
        namer.learn(named);
    }

    @Override
    public boolean leavesOpen(String name) {
        return LockNamer.leavesOpen(name);
    }
}
