// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import io.lockjam.boot.QueueHooks;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Puts the calls of our hooks into classes of the JDK and of libraries: class bytes in, class bytes out.
 *
 * <p>Everything is taken from the bytes given, nothing from the JDK it runs on, so that one JDK weaves for another and
 * what other agents changed stays. No field or method is added. Used directly beside the target; inside it by its
 * function, from a class loader that also serves these classes as resources, since advice is copied from class files.
 */
public final class Weaver implements BiFunction<String, byte[], byte @Nullable []> {
    /** Makes this copy of Byte Buddy keep off sun.misc.Unsafe, which warns from JDK 24 on; relocation renames it. */
    private static final String SAFE = "net.bytebuddy.safe";

    /**
     * Binary names of all types that may be woven; no JVM has them all.
     *
     * <p>Those outside {@code java.} belong to libraries: they are woven if they are loaded, never loaded for it, and may
     * be loaded later or more than once.
     */
    public static List<String> types() {
        return Weaves.ALL.stream().map(TypeWeave::type).toList();
    }

    /**
     * Weaves one class.
     *
     * @param internalName name with slashes; after {@link QueueHooks#SEARCH}, a queue that is to tell of each use
     * @param original class file as the JVM has it; not changed
     * @return the woven class file; null if there is nothing to do: not one of {@link #types}, none of its methods is
     *     known, or it calls our hooks already
     */
    public static byte @Nullable [] weave(String internalName, byte[] original) {
        if (internalName.startsWith(QueueHooks.SEARCH)) {
            String queue = internalName.substring(QueueHooks.SEARCH.length()).replace('/', '.');
            return quietly(() -> Loom.weave(new QueueSearchWeave(queue), original));
        }
        String type = internalName.replace('/', '.');
        for (TypeWeave each : Weaves.ALL) {
            if (each.type().equals(type)) {
                return woven(each, original);
            }
        }
        return null;
    }

    @Override
    public byte @Nullable [] apply(String internalName, byte[] original) {
        return weave(internalName, original);
    }

    /** A class restored by the JVM can still name our hooks in its constants (seen on 25): only calls tell. */
    private static boolean isWoven(byte[] classFile) {
        return new String(classFile, StandardCharsets.ISO_8859_1).contains(Names.HOOKS) && Loom.callsHooks(classFile);
    }

    private static byte @Nullable [] woven(TypeWeave weave, byte[] original) {
        return quietly(() -> {
            if (isWoven(original)) {
                return null;
            }
            byte[] woven = Loom.weave(weave, original);
            return isWoven(woven) ? woven : null;
        });
    }

    /** Byte Buddy reads the property once, when its first class is loaded; the application's setting is put back. */
    private static synchronized byte @Nullable [] quietly(Supplier<byte @Nullable []> work) {
        String before = System.setProperty(SAFE, "true");
        try {
            return work.get();
        } finally {
            if (before == null) {
                System.clearProperty(SAFE);
            } else {
                System.setProperty(SAFE, before);
            }
        }
    }
}
