// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import java.util.Set;
import java.util.function.Predicate;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;
import org.jspecify.annotations.Nullable;

/**
 * Which calls leave the woven code and may order threads there. Whether one on an object does is asked at run time, by the
 * object's class; here only what a name alone settles.
 */
final class Callees {
    private static final Set<String> PLAIN = Set.of(
            "java/lang/Object",
            "java/lang/String",
            "java/lang/StringBuilder",
            "java/lang/Integer",
            "java/lang/Long",
            "java/lang/Short",
            "java/lang/Byte",
            "java/lang/Character",
            "java/lang/Boolean",
            "java/lang/Double",
            "java/lang/Float",
            "java/lang/Number",
            "java/lang/Math",
            "java/lang/StrictMath",
            "java/lang/Enum",
            "java/lang/Record",
            "java/lang/Class",
            "java/lang/System",
            "java/util/Objects",
            "java/util/Arrays",
            "java/util/Collections",
            "java/util/Optional",
            "java/util/List",
            "java/util/Set",
            "java/util/Map",
            "java/util/UUID",
            "java/util/BitSet",
            "java/util/EnumSet",
            "java/util/Locale",
            "java/util/concurrent/Executors",
            "java/util/concurrent/TimeUnit",
            "java/util/concurrent/ThreadLocalRandom");
    /** Of an executor or a task. */
    private static final Set<String> HAND_OVER = Set.of("execute", "submit", "fork");
    /** Methods of Thread that neither tell of it nor tell it something. */
    private static final Set<String> IDLE = Set.of(
            "currentThread",
            "sleep",
            "yield",
            "onSpinWait",
            "holdsLock",
            "dumpStack",
            "getName",
            "setName",
            "getId",
            "threadId",
            "isDaemon",
            "setDaemon",
            "isVirtual",
            "getPriority",
            "setPriority",
            "getThreadGroup",
            "getContextClassLoader",
            "setContextClassLoader");

    private final Predicate<String> woven;
    private final FieldTable table;

    /** @param woven whether the class of this internal name gets probes of this sort */
    Callees(Predicate<String> woven, FieldTable table) {
        this.woven = woven;
        this.table = table;
    }

    /** What is put around a call. */
    enum Way {
        /** Nothing. */
        STAY,
        /** By the object it is called on. */
        OBJECT,
        /** By the object whose monitor it gives back for a while. */
        MONITOR,
        /** It may begin a thread or a task, of whose end its return says nothing. */
        START,
        /** By its arguments only. */
        ARGUMENTS,
        /** It hands over a task, and is static. */
        TASK,
        /** It may order anything. */
        ANYTHING
    }

    boolean isWoven(String internalName) {
        return woven.test(internalName);
    }

    Way way(int opcode, String owner, String name, String descriptor) {
        String theirs = owner.startsWith("[") ? null : theirs(owner, name, descriptor);
        if (theirs == null || theirs.startsWith("io/lockjam/boot/")) {
            return Way.STAY;
        }
        if (name.equals("<init>")) {
            return constructor(theirs, descriptor);
        }
        if (opcode == Opcodes.INVOKESTATIC) {
            return method(theirs, name, descriptor);
        }
        if (name.equals("wait") && (descriptor.equals("()V") || descriptor.startsWith("(J"))) {
            return Way.MONITOR;
        }
        if ((name.equals("start") && descriptor.equals("()V")) || HAND_OVER.contains(name)) {
            return Way.START;
        }
        boolean idle = theirs.equals("java/lang/Thread") && IDLE.contains(name);
        boolean made = PLAIN.contains(theirs) && opcode != Opcodes.INVOKEINTERFACE;
        return idle || made || isThrowable(theirs) ? Way.STAY : Way.OBJECT;
    }

    /** Whether a reference to this method makes a function that may order threads although woven code made it. */
    boolean isForeign(String owner, String name, String descriptor) {
        return theirs(owner, name, descriptor) != null
                && !PLAIN.contains(owner)
                && !owner.startsWith("[")
                && !isThrowable(owner)
                && !(name.equals("<init>") && isOfJdk(owner));
    }

    /** Whether a value of this type can be a collection, a function or a synchronizer. */
    static boolean matters(Type type) {
        if (type.getSort() == Type.ARRAY) {
            return type.getElementType().getSort() == Type.OBJECT;
        }
        return type.getSort() == Type.OBJECT
                && !Fields.immutable(type.getDescriptor())
                && !type.getInternalName().equals("java/lang/Class")
                && !type.getInternalName().equals("java/util/concurrent/TimeUnit");
    }

    /** The class without probes in which the method is found; null if it is found in a woven one, with code. */
    private @Nullable String theirs(String owner, String name, String descriptor) {
        if (!woven.test(owner)) {
            return owner;
        }
        if (name.equals("<init>")) {
            return null;
        }
        String in = table.declaring(owner, name, descriptor, woven);
        return in != null && woven.test(in) ? null : in == null ? owner : in;
    }

    private static Way constructor(String owner, String descriptor) {
        if (isThrowable(owner)) {
            return Way.STAY;
        }
        return !isOfJdk(owner) ? Way.ANYTHING : givesSomething(descriptor) ? Way.ARGUMENTS : Way.STAY;
    }

    private static Way method(String owner, String name, String descriptor) {
        if (owner.equals("java/util/concurrent/CompletableFuture") && name.endsWith("Async")) {
            return Way.TASK;
        }
        if (owner.equals("java/lang/Thread") && IDLE.contains(name)) {
            return Way.STAY;
        }
        boolean plain = PLAIN.contains(owner)
                || owner.startsWith("java/time/")
                || owner.startsWith("java/math/")
                || owner.startsWith("java/util/function/")
                || owner.equals("java/util/Comparator");
        if (!plain || name.startsWith("parallel") || name.equals("exit")) {
            return Way.ANYTHING;
        }
        return givesSomething(descriptor) ? Way.ARGUMENTS : Way.STAY;
    }

    private static boolean givesSomething(String descriptor) {
        for (Type each : Type.getArgumentTypes(descriptor)) {
            if (matters(each)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isOfJdk(String owner) {
        return owner.startsWith("java/lang/") || owner.startsWith("java/util/");
    }

    private static boolean isThrowable(String owner) {
        return owner.startsWith("java/") && (owner.endsWith("Exception") || owner.endsWith("Error"))
                || owner.equals("java/lang/Throwable");
    }
}
