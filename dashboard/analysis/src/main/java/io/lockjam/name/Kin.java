// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import org.objectweb.asm.tree.MethodInsnNode;

/** Tells which calls may come to a method: also those by an interface, a class above or a class below. */
final class Kin {
    /** Classes above classes. */
    private static final int DEEPEST = 10;

    private final Code code;

    Kin(Code code) {
        this.code = code;
    }

    /** @param method as class and name */
    boolean isCall(MethodInsnNode call, String method) {
        int dot = method.lastIndexOf('.');
        if (dot < 0 || !method.substring(dot + 1).equals(call.name)) {
            return false;
        }
        String called = call.owner.replace('/', '.');
        String owner = method.substring(0, dot);
        boolean own = call.name.startsWith("<");
        return called.equals(owner) || (!own && (isBelow(owner, called, 0) || isBelow(called, owner, 0)));
    }

    private boolean isBelow(String type, String above, int depth) {
        Code.Parsed parsed = depth > DEEPEST ? null : code.parsed(type);
        if (parsed == null) {
            return false;
        }
        String parent = parsed.node().superName;
        return (parent != null && isOrBelow(parent, above, depth))
                || parsed.node().interfaces.stream().anyMatch(each -> isOrBelow(each, above, depth));
    }

    private boolean isOrBelow(String internal, String above, int depth) {
        String name = internal.replace('/', '.');
        return name.equals(above) || isBelow(name, above, depth + 1);
    }
}
