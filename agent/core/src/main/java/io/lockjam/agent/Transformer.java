// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import java.lang.instrument.ClassFileTransformer;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Gives the JVM woven bytes for the classes of one batch, on the thread that retransforms them and on no other.
 *
 * <p>When another agent retransforms a class of ours later, on a thread of its own, it gets the bytes woven before, as
 * long as the class comes in as it did then; else our hooks are lost in it and {@link #takeLost} says so.
 */
final class Transformer implements ClassFileTransformer {
    /** A woven class. */
    private static final class Woven {
        /** Fingerprint of the bytes it was woven from. */
        final long before;

        final byte[] after;
        /** Whether it is being restored, which the JVM may still refuse. */
        volatile boolean leaving;

        Woven(long before, byte[] after) {
            this.before = before;
            this.after = after;
        }
    }

    private enum Mode {
        IDLE,
        WEAVE,
        RESTORE
    }

    /** Looks for a class that was seen; one is taken a second. */
    private static final int SIGHT = 30;

    private final Faults faults;
    /** Weak, as the next: classes of an application that is redeployed must be free to go. */
    private final Map<Class<?>, Woven> woven = Collections.synchronizedMap(new WeakHashMap<>());

    private final Map<Class<?>, Boolean> lost = Collections.synchronizedMap(new WeakHashMap<>());

    /** Fingerprints of the bytes that classes were woven from last, whether or not they still are. */
    private final Map<Class<?>, Long> touched = Collections.synchronizedMap(new WeakHashMap<>());

    private final Map<Class<?>, Boolean> foreign = Collections.synchronizedMap(new WeakHashMap<>());

    private volatile Mode mode = Mode.IDLE;
    private final AtomicInteger batches = new AtomicInteger();
    private volatile @Nullable Thread owner;
    private @Nullable WeaveService service; // of the owner
    private List<String> changed = new ArrayList<>();
    private List<String> failed = new ArrayList<>();

    /** Classes not loaded yet, with slashes; read by every thread that loads a class. */
    private volatile Set<String> watched = Set.of();

    /** Those of them that were loaded, with how often they are still looked for: one may fail to be defined. */
    private final Map<String, Integer> seen = new ConcurrentHashMap<>();

    Transformer(Faults faults) {
        this.faults = faults;
    }

    @Override
    public byte @Nullable [] transform(
            @Nullable ClassLoader loader,
            @Nullable String name,
            @Nullable Class<?> type,
            @Nullable ProtectionDomain domain,
            byte[] bytes) {
        if (type == null || name == null) {
            if (name != null && watched.contains(name)) {
                seen.put(name, SIGHT); // being loaded: woven later, on our own thread
            }
            return null;
        }
        try {
            if (mode == Mode.IDLE || owner != Thread.currentThread()) {
                return again(type, bytes);
            }
            return mode == Mode.WEAVE ? weave(loader, name, type, bytes) : restore(name, type, bytes);
        } catch (Throwable fault) { // a boundary: the class stays as it is
            faults.caught("transformer", fault);
            if (owner == Thread.currentThread()) {
                failed.add(name + ": " + fault);
            }
            return null;
        }
    }

    /** Notes from now on when a class with one of these names, with dots, is loaded. */
    void watch(Set<String> names) {
        Set<String> all = new HashSet<>(watched);
        names.forEach(name -> all.add(name.replace('.', '/')));
        watched = Set.copyOf(all);
    }

    /** Names with dots of watched classes loaded since the last call, with how often to look for each. */
    Map<String, Integer> takeSeen() {
        Map<String, Integer> taken = new HashMap<>();
        for (String name : List.copyOf(seen.keySet())) {
            Integer looks = seen.remove(name);
            if (looks != null) {
                taken.put(name.replace('/', '.'), looks);
            }
        }
        return taken;
    }

    /** Gives back those that were not found. */
    void seeAgain(Map<String, Integer> missing) {
        missing.forEach((name, looks) -> {
            if (looks > 1) {
                seen.putIfAbsent(name.replace('.', '/'), looks - 1);
            }
        });
    }

    boolean hasSeen() {
        return !seen.isEmpty();
    }

    /** Runs a retransformation on this thread in which classes get hooks. */
    void weaving(WeaveService by, Batch batch) throws Exception {
        service = by;
        run(Mode.WEAVE, batch);
    }

    /** Runs a retransformation on this thread in which classes lose their hooks. */
    void restoring(Batch batch) throws Exception {
        run(Mode.RESTORE, batch);
    }

    /** What is done while the transformer is at work. */
    interface Batch {
        void run() throws Exception;
    }

    /** Internal names of the classes changed by batches since the last call. */
    List<String> takeChanged() {
        List<String> taken = changed;
        changed = new ArrayList<>();
        return taken;
    }

    /** One line for each class that could not be changed since the last call. */
    List<String> takeFailed() {
        List<String> taken = failed;
        failed = new ArrayList<>();
        return taken;
    }

    /** Classes that lost their hooks to another agent since the last call. */
    List<Class<?>> takeLost() {
        List<Class<?>> taken = keys(lost);
        taken.forEach(lost::remove);
        return taken;
    }

    /** Classes that another agent has changed since we wove them for the first time. */
    List<Class<?>> foreign() {
        return keys(foreign);
    }

    boolean hasLost() {
        return !lost.isEmpty();
    }

    /** Somebody has found the hooks of a woven class missing. */
    void lose(Class<?> type) {
        if (woven.remove(type) != null) {
            lost.put(type, true);
        }
    }

    /** Moves when a batch of ours begins and when it ends. */
    int batches() {
        return batches.get();
    }

    List<Class<?>> woven() {
        return keys(woven);
    }

    private static List<Class<?>> keys(Map<Class<?>, ?> map) {
        synchronized (map) {
            return new ArrayList<>(map.keySet());
        }
    }

    void forget(Class<?> type) {
        woven.remove(type);
    }

    /** The JVM has not restored it, and will be asked again. */
    void stays(Class<?> type) {
        Woven known = woven.get(type);
        if (known != null) {
            known.leaving = false;
        }
    }

    private void run(Mode wanted, Batch batch) throws Exception {
        owner = Thread.currentThread();
        batches.incrementAndGet();
        mode = wanted;
        try {
            batch.run();
        } finally {
            mode = Mode.IDLE;
            batches.incrementAndGet();
            owner = null;
            service = null;
        }
    }

    private byte @Nullable [] weave(@Nullable ClassLoader loader, String name, Class<?> type, byte[] bytes)
            throws Exception {
        WeaveService by = service;
        byte[] after = by == null ? null : by.weave(name, loader, bytes);
        if (after != null) {
            long before = Digest.of(bytes);
            woven.put(type, new Woven(before, after));
            touched.put(type, before);
            changed.add(name);
        }
        return after;
    }

    /** Leaves the class as it came in, which is what the JVM then uses: the original, or what other agents made of it. */
    private byte @Nullable [] restore(String name, Class<?> type, byte[] bytes) {
        Woven known = woven.get(type);
        if (known != null) {
            known.leaving = true;
        }
        if (known == null || known.before == Digest.of(bytes)) {
            changed.add(name);
        } else {
            failed.add(name + ": another agent has changed it since; our hooks are out of it");
        }
        return null;
    }

    private byte @Nullable [] again(Class<?> type, byte[] bytes) {
        Long before = touched.get(type);
        if (before == null) {
            return null;
        }
        if (before != Digest.of(bytes)) {
            foreign.put(type, true);
            lose(type);
            return null;
        }
        Woven known = woven.get(type);
        return known == null || known.leaving ? null : known.after;
    }
}
