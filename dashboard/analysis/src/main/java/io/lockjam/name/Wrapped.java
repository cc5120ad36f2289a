// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import io.lockjam.model.Frame;
import io.lockjam.model.WaitKind;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/** What a method that is called takes of a thing, or gives back, itself or in what it calls: {@code pool.borrow()} takes from the pool's queue. */
final class Wrapped {
    private static final int DEEPEST = 2;

    private final Code code;
    private final List<Frame> frames;
    private final Map<String, Effect> known = new HashMap<>();

    private record Effect(boolean takes, boolean gives) {
        static final Effect NONE = new Effect(false, false);

        Effect and(Effect other) {
            return new Effect(takes || other.takes, gives || other.gives);
        }
    }

    /** @param frames of the stack: where the code calls an interface, they may have the class behind it */
    Wrapped(Code code, List<Frame> frames) {
        this.code = code;
        this.frames = frames;
    }

    /** Whether the method called takes it and keeps it. */
    boolean takes(MethodInsnNode call, WaitKind kind, String name) {
        Effect effect = effect(call, kind, name, 1);
        return effect.takes() && !effect.gives();
    }

    /** Whether the method called gives back what it has not taken itself. */
    boolean gives(MethodInsnNode call, WaitKind kind, String name) {
        Effect effect = effect(call, kind, name, 1);
        return effect.gives() && !effect.takes();
    }

    /** Whether a method gives what it does not take. */
    boolean gives(Code.Parsed type, MethodNode method, WaitKind kind, String name) {
        Effect effect = within(type, method, kind, name, 0);
        return effect.gives() && !effect.takes();
    }

    private Effect effect(MethodInsnNode call, WaitKind kind, String name, int depth) {
        if (depth > DEEPEST || isJdk(call.owner)) {
            return Effect.NONE;
        }
        String key = call.owner + "." + call.name + call.desc + kind + name;
        Effect effect = known.get(key);
        if (effect == null) {
            known.put(key, Effect.NONE); // of a method that calls itself
            effect = Effect.NONE;
            Code.Parsed type = holder(call);
            if (type != null) {
                for (MethodNode method : type.methods(call.name, call.desc)) {
                    effect = effect.and(within(type, method, kind, name, depth));
                }
            }
            known.put(key, effect);
        }
        return effect;
    }

    private Effect within(Code.Parsed type, MethodNode method, WaitKind kind, String name, int depth) {
        Effect effect = Effect.NONE;
        for (AbstractInsnNode each : method.instructions) {
            if (each instanceof MethodInsnNode call) {
                boolean takes = Giving.takes(call, kind);
                boolean gives = Giving.ends(call) == kind;
                boolean same =
                        (takes || gives) && name.equals(LockTrail.receiver(code, List.of(), type, method, call, -1));
                effect = effect.and(same ? new Effect(takes, gives) : effect(call, kind, name, depth + 1));
            }
        }
        return effect;
    }

    /** The class with the method's code. */
    private Code.@Nullable Parsed holder(MethodInsnNode call) {
        Set<String> able = new HashSet<>(List.of(call.owner.replace('/', '.')));
        Code.Parsed named = code.parsed(call.owner.replace('/', '.'));
        if (named != null && has(named, call)) {
            return named;
        }
        for (Frame frame : frames) {
            Code.Parsed type = frame.isJdk() || !able.add(frame.className()) ? null : code.parsed(frame.className());
            if (type != null && has(type, call)) {
                return type;
            }
        }
        return null;
    }

    private static boolean has(Code.Parsed type, MethodInsnNode call) {
        return type.methods(call.name, call.desc).stream()
                .anyMatch(method -> (method.access & Opcodes.ACC_ABSTRACT) == 0);
    }

    private static boolean isJdk(String owner) {
        return new Frame(owner.replace('/', '.'), "", null, null, -1, -1).isJdk();
    }
}
