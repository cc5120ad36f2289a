// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;

/** Names of hooks as bytecode spells them. */
final class Names {
    /** Only woven classes mention this package. */
    static final String HOOKS = "io/lockjam/boot/";

    private Names() {}

    static void call(MethodVisitor method, Class<?> hooks, String name, String descriptor) {
        method.visitMethodInsn(Opcodes.INVOKESTATIC, hooks.getName().replace('.', '/'), name, descriptor, false);
    }
}
