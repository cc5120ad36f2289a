// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import io.lockjam.boot.PoolHooks;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where the JDK keeps its virtual threads (21 and later), and what it says of one (25 and later). */
final class VirtualAccess {
    /**
     * What a handshake with one virtual thread told.
     *
     * @param owned objects whose monitors it has
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Look(@Nullable Object blockedOn, StackTraceElement[] frames, List<Object> owned) {}

    private final @Nullable Set<Thread> direct; // started by themselves; null if this JVM only counts them
    private final Set<?> registry;
    private final Class<?> shared;
    private final MethodHandle threads;
    private final Class<?> perTask;
    private final MethodHandle perTaskThreads;
    private final MethodHandle isVirtual;
    private final MethodHandle carrier;
    private final @Nullable Snapshots snapshots;
    private final @Nullable ThreadScopes scopes;
    private final @Nullable VirtualState states;
    private List<Set<Thread>> ofPlatformThreads = List.of();

    VirtualAccess() throws ReflectiveOperationException {
        Class<?> containers = Class.forName("jdk.internal.vm.ThreadContainers");
        registry = (Set<?>) read(containers, "CONTAINER_REGISTRY", Set.class);
        shared = Class.forName("jdk.internal.vm.SharedThreadContainer");
        threads = lookup(shared).findGetter(shared, "virtualThreads", Set.class);
        perTask = Class.forName("java.util.concurrent.ThreadPerTaskExecutor");
        perTaskThreads = lookup(perTask).findGetter(perTask, "threads", Set.class);
        isVirtual = MethodHandles.publicLookup()
                .findVirtual(Thread.class, "isVirtual", MethodType.methodType(boolean.class));
        Class<?> virtualThread = Class.forName("java.lang.VirtualThread");
        carrier = lookup(virtualThread)
                .findGetter(virtualThread, "carrierThread", Thread.class)
                .asType(MethodType.methodType(Thread.class, Thread.class));
        direct = direct();
        snapshots = Runtime.version().feature() >= 25 ? new Snapshots() : null;
        scopes = scopes();
        states = states();
    }

    /** The sets the JDK itself keeps: to be iterated, never changed. */
    List<Set<Thread>> sets() throws Throwable {
        List<Set<Thread>> sets = new ArrayList<>();
        if (direct != null) {
            sets.add(direct);
        }
        for (Object each : registry) {
            Object container = ((Reference<?>) each).get();
            if (shared.isInstance(container)) {
                add(sets, threads.invoke(container));
            } else if (perTask.isInstance(container)) {
                add(sets, perTaskThreads.invoke(container));
            }
        }
        sets.addAll(ofPlatformThreads);
        return sets;
    }

    /** Makes the executors known that make a thread for each task. */
    void findExecutors() {
        for (Object each : registry) {
            Object container = ((Reference<?>) each).get();
            if (perTask.isInstance(container)) {
                PoolHooks.register(container);
            }
        }
    }

    /** Looks for the scopes that platform threads have open; those of virtual threads are found with them. */
    void lookForScopes(Thread[] platform) throws Throwable {
        List<Set<Thread>> found = new ArrayList<>();
        for (Thread each : platform) {
            addScopes(each, found);
        }
        ofPlatformThreads = found;
    }

    /** Adds the threads that were forked in the scopes of a thread. */
    void addScopes(Thread owner, List<Set<Thread>> sets) throws Throwable {
        for (Object each : scopes == null ? List.of() : scopes.threadsOf(owner)) {
            add(sets, each);
        }
    }

    private static @Nullable ThreadScopes scopes() {
        try {
            return new ThreadScopes();
        } catch (ReflectiveOperationException otherJdk) {
            return null;
        }
    }

    /** A container's threads are of one sort; those of platform threads are left out. */
    private void add(List<Set<Thread>> sets, @Nullable Object found) throws Throwable {
        Set<Thread> set = threadsOf(found);
        if (set == null) {
            return;
        }
        Iterator<Thread> threads = set.iterator();
        if (threads.hasNext() && (boolean) isVirtual.invokeExact(threads.next())) {
            sets.add(set);
        }
    }

    boolean canLook() {
        return snapshots != null;
    }

    /** Null if the thread has ended or this JDK cannot tell. */
    @Nullable
    Look look(Thread thread) throws Throwable {
        return snapshots == null ? null : snapshots.of(thread);
    }

    /** Whether the thread waits by a park, asleep perhaps, and so not in Object.wait; false if this JDK cannot tell. */
    boolean isParked(Thread thread) throws Throwable {
        return states != null && states.isParked(thread);
    }

    /** Whether the thread got the monitor that it waited for, but no carrier yet; false if this JDK cannot tell. */
    boolean isUnblocked(Thread thread) throws Throwable {
        return states != null && states.isUnblocked(thread);
    }

    /** Whether a virtual thread is on a carrier. */
    boolean hasCarrier(Thread thread) throws Throwable {
        return (Thread) carrier.invokeExact(thread) != null;
    }

    private static @Nullable VirtualState states() {
        try {
            return new VirtualState();
        } catch (ReflectiveOperationException otherJdk) {
            return null;
        }
    }

    private static @Nullable Set<Thread> direct() {
        try {
            Class<?> root = Class.forName("jdk.internal.vm.ThreadContainers$RootContainer$TrackingRootContainer");
            return threadsOf(read(root, "VTHREADS", Set.class));
        } catch (ReflectiveOperationException otherJdk) {
            return null;
        }
    }

    @SuppressWarnings("unchecked") // the field's declared type
    private static @Nullable Set<Thread> threadsOf(@Nullable Object set) {
        return (Set<Thread>) set;
    }

    private static Object read(Class<?> type, String field, Class<?> of) throws ReflectiveOperationException {
        try {
            return lookup(type).findStaticGetter(type, field, of).invoke();
        } catch (ReflectiveOperationException | RuntimeException absent) {
            throw absent;
        } catch (Throwable refused) { // declared by handles
            throw new ReflectiveOperationException(field, refused);
        }
    }

    private static MethodHandles.Lookup lookup(Class<?> type) throws IllegalAccessException {
        return MethodHandles.privateLookupIn(type, MethodHandles.lookup());
    }

    /** jdk.internal.vm.ThreadSnapshot of 25. */
    private static final class Snapshots {
        private final MethodHandle take;
        private final MethodHandle stack;
        private final MethodHandle blocker;
        private final MethodHandle blockerObject;
        private final MethodHandle locks;
        private final MethodHandle locked;

        Snapshots() throws ReflectiveOperationException {
            Class<?> type = Class.forName("jdk.internal.vm.ThreadSnapshot");
            Class<?> blockerType = Class.forName("jdk.internal.vm.ThreadSnapshot$ThreadBlocker");
            Class<?> lockType = Class.forName("jdk.internal.vm.ThreadSnapshot$ThreadLock");
            MethodHandles.Lookup lookup = lookup(type);
            take = lookup.findStatic(type, "of", MethodType.methodType(type, Thread.class));
            stack = lookup.findGetter(type, "stackTrace", StackTraceElement[].class);
            blocker = lookup.findGetter(type, "blocker", blockerType);
            blockerObject = lookup(blockerType).findGetter(blockerType, "obj", Object.class);
            locks = lookup.findGetter(type, "locks", lockType.arrayType())
                    .asType(MethodType.methodType(Object[].class, type));
            locked = lookup(lockType).findVirtual(lockType, "lockObject", MethodType.methodType(Object.class));
        }

        @Nullable
        Look of(Thread thread) throws Throwable {
            Object snapshot = take.invoke(thread);
            if (snapshot == null) {
                return null;
            }
            Object by = blocker.invoke(snapshot);
            List<Object> owned = new ArrayList<>();
            for (Object lock : (Object[]) locks.invoke(snapshot)) {
                Object object = locked.invoke(lock);
                if (object != null) {
                    owned.add(object);
                }
            }
            Object on = by == null ? null : blockerObject.invoke(by);
            return new Look(on, (StackTraceElement[]) stack.invoke(snapshot), owned);
        }
    }
}
