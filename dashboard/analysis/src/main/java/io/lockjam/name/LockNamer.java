// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import io.lockjam.model.Fact;
import io.lockjam.model.Frame;
import io.lockjam.model.LockRef;
import io.lockjam.model.Stack;
import io.lockjam.model.WaitKind;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds the name people know for a lock: what the code at the waiting site takes it from.
 *
 * <p>It starts at the innermost frame that is not the JDK's, at the call or monitor of its bytecode index (without one: of its
 * line), and follows the receiver to a field, a method, an element, or through parameters to the frames above. A name is kept
 * for each site; where callers decided, for the site and those callers. Thread-safe.
 */
public final class LockNamer {
    /** How many callers a lock is followed through as a parameter. */
    static final int MOST_FRAMES = 6;

    private static final int MOST_NAMES = 20_000;

    private final Code code;
    private final Consumer<Fact.Named> found;
    private final Map<String, Optional<String>> names = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Optional<String>> eldest) {
            return size() > MOST_NAMES;
        }
    };

    public LockNamer(ClassBytes classes) {
        this(classes, name -> {});
    }

    /**
     * A namer that tells what it finds.
     *
     * @param found told each new name once, on the thread that asked for it
     */
    public LockNamer(ClassBytes classes, Consumer<Fact.Named> found) {
        this.code = new Code(classes);
        this.found = found;
    }

    /** The name of what a thread with this stack waits for; never fails, {@code ReentrantLock in Cache.put} at worst. */
    public String name(Stack waiter, LockRef lock, WaitKind kind) {
        return exact(waiter, kind).orElseGet(() -> fallback(waiter, lock));
    }

    /** The name from the code, if it tells one. */
    public synchronized Optional<String> exact(Stack waiter, WaitKind kind) {
        List<Frame> frames = waiter.frames();
        int start = start(frames);
        if (start < 0) {
            return Optional.empty();
        }
        for (int used = 1; used <= MOST_FRAMES; used++) {
            Optional<String> known = names.get(key(frames, start, used));
            if (known != null) {
                return known;
            }
        }
        return find(frames, start, kind);
    }

    /**
     * The name of the object that the innermost frame uses.
     *
     * @param use the call made on it, {@code Map.put}, or null if an element of an array is used
     */
    public synchronized Optional<String> used(Stack user, @Nullable String use) {
        if (user.isEmpty()) {
            return Optional.empty();
        }
        LockTrail trail = new LockTrail(code, user.frames(), WaitKind.PARK, use == null ? LockTrail.ELEMENT : use);
        return Optional.ofNullable(trail.name(0));
    }

    /** Takes over a name that a recording kept. */
    public synchronized void learn(Fact.Named named) {
        if (!named.site().isEmpty() && !named.name().isEmpty()) {
            names.put(named.site(), Optional.of(named.name()));
        }
    }

    /** The form of {@link Fact.Named#site}: {@code class.method(descriptor)@bytecode index}, with the line if that is all. */
    public static String site(Frame frame) {
        String descriptor = frame.descriptor();
        String method = frame.className() + "." + frame.method() + (descriptor == null ? "" : descriptor);
        return frame.bytecodeIndex() >= 0 ? method + "@" + frame.bytecodeIndex() : method + ":" + frame.line();
    }

    private Optional<String> find(List<Frame> frames, int start, WaitKind kind) {
        LockTrail trail = new LockTrail(code, frames, kind);
        Optional<String> name = Optional.ofNullable(trail.name(start));
        String key = key(frames, start, Math.min(trail.used(), MOST_FRAMES));
        names.put(key, name);
        name.ifPresent(known -> found.accept(new Fact.Named(Instant.now(), key, known)));
        return name;
    }

    /** The site and the callers that were looked at; without a bytecode index also what the site calls. */
    private static String key(List<Frame> frames, int start, int used) {
        StringBuilder key = new StringBuilder(site(frames.get(start)));
        if (frames.get(start).bytecodeIndex() < 0 && start > 0) {
            key.append('>').append(frames.get(start - 1).method());
        }
        for (int i = start + 1; i < frames.size() && i < start + used; i++) {
            key.append('<').append(site(frames.get(i)));
        }
        return key.append("<".repeat(Math.max(0, start + used - frames.size()))).toString();
    }

    /** The innermost frame of the application; in a stack of the JDK alone the innermost one that is not about waiting as such. */
    private static int start(List<Frame> frames) {
        int inner = -1;
        for (int i = 0; i < frames.size(); i++) {
            Frame frame = frames.get(i);
            if (!frame.isJdk() && !frame.className().endsWith("$$Lambda")) {
                return i;
            }
            boolean plumbing = frame.className().startsWith("java.util.concurrent.locks.")
                    || frame.className().startsWith("jdk.internal.")
                    || frame.className().startsWith("java.lang.Object")
                    || frame.className().endsWith("$$Lambda");
            inner = inner < 0 && !plumbing ? i : inner;
        }
        return inner;
    }

    private static String fallback(Stack waiter, LockRef lock) {
        String type = lock.className().isEmpty() ? "lock" : simple(lock.className());
        int start = start(waiter.frames());
        return start < 0 ? type : type + " in " + place(waiter.frames().get(start));
    }

    static String place(Frame frame) {
        return simple(frame.className()) + "." + frame.method();
    }

    static String simple(String className) {
        return className.substring(className.lastIndexOf('.') + 1);
    }
}
