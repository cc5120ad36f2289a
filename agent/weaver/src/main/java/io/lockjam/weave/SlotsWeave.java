// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import io.lockjam.boot.SlotHooks;
import io.lockjam.boot.SlotLibrary;
import java.util.ArrayList;
import java.util.List;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.description.method.MethodDescription;
import net.bytebuddy.description.type.TypeDefinition;
import net.bytebuddy.implementation.bytecode.assign.Assigner;
import net.bytebuddy.matcher.ElementMatcher;
import org.jspecify.annotations.Nullable;

/** The methods by which a library lends its slots and takes them back. */
record SlotsWeave(SlotLibrary library) implements TypeWeave {
    @Override
    public String type() {
        return library.type();
    }

    @Override
    public List<Advised> advised() {
        List<Advised> all = new ArrayList<>();
        all.add(new Advised(new Borrow(library), BorrowAdvice.class));
        for (String give : library.give()) {
            all.add(new Advised(method -> spelled(method).equals(give), GiveAdvice.class));
        }
        return all;
    }

    /** The first of the library's borrowing methods that the class has. */
    private record Borrow(SlotLibrary library) implements ElementMatcher<MethodDescription> {
        @Override
        public boolean matches(@Nullable MethodDescription method) {
            if (method == null || !library.borrow().contains(spelled(method))) {
                return false;
            }
            TypeDefinition type = method.getDeclaringType();
            List<String> there =
                    type.getDeclaredMethods().stream().map(SlotsWeave::spelled).toList();
            return library.borrow().stream()
                    .filter(there::contains)
                    .findFirst()
                    .orElseThrow()
                    .equals(spelled(method));
        }
    }

    private static String spelled(MethodDescription method) {
        String descriptor = method.asDefined().getDescriptor();
        return method.getInternalName() + descriptor.substring(0, descriptor.indexOf(')') + 1);
    }

    /** From asking to having: the wait, and whether it was for nothing. */
    static final class BorrowAdvice {
        private BorrowAdvice() {}

        @Advice.OnMethodEnter(suppress = Throwable.class)
        static long enter(@Advice.This Object pool) {
            return SlotHooks.beforeBorrow(pool);
        }

        /** The slot is null after an exception, too. */
        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class, backupArguments = false)
        static void exit(
                @Advice.This Object pool,
                @Advice.Enter long since,
                @Advice.Return(typing = Assigner.Typing.DYNAMIC) @Nullable Object slot) {
            SlotHooks.afterBorrow(pool, slot, since);
        }
    }

    /** Before another thread can get the slot. */
    static final class GiveAdvice {
        private GiveAdvice() {}

        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.Argument(value = 0, typing = Assigner.Typing.DYNAMIC) @Nullable Object slot) {
            SlotHooks.returned(slot);
        }
    }
}
