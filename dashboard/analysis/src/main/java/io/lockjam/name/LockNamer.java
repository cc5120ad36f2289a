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
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.FieldNode;

/**
 * Finds the name people know for a lock: what the code at the waiting site takes it from.
 *
 * <p>It starts at the innermost frame that is not the JDK's, at the calls or monitors of its line, and follows the receiver
 * to a field, a method, an element, or through parameters to the frames above. The bytecode index decides only where a line
 * has several: a class that another agent or our probes have rewritten runs with other indexes than its file, but with the
 * same lines. A name is kept for each site; where callers decided, for the site and those callers. Thread-safe.
 */
public final class LockNamer {
    /** How many callers a lock is followed through as a parameter. */
    static final int MOST_FRAMES = 6;

    private static final int MOST_NAMES = 20_000;

    /** Kept for a site whose code tells no name. */
    private static final String NONE = "";

    /** Between two names of which one is meant. */
    static final String OR = " or ";

    /** Before the name of a class that is being initialised. */
    static final String CLASS = "class ";

    /** What the JDK's client waits for is a future of its own. */
    private static final String ANSWER = "HttpClient.send";

    private final Code code;
    private final Predicate<String> rewritten;
    private final Consumer<Fact.Named> found;
    private final Map<String, String> names = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
            return size() > MOST_NAMES;
        }
    };

    public LockNamer(ClassBytes classes) {
        this(classes, className -> false, name -> {});
    }

    /**
     * A namer that tells what it finds.
     *
     * @param rewritten whether a class may run with other bytecode indexes than its file has, at times
     * @param found told each new name once, on the thread that asked for it
     */
    public LockNamer(ClassBytes classes, Predicate<String> rewritten, Consumer<Fact.Named> found) {
        this.code = new Code(classes);
        this.rewritten = rewritten;
        this.found = found;
    }

    /** Class files that were not to be had may be now: where no name was found it is looked for once more. */
    public synchronized void askAnew() {
        names.values().removeIf(NONE::equals);
        code.askAnew();
    }

    /** The name of what a thread with this stack waits for; never fails, {@code ReentrantLock in Cache.put} at worst. */
    public String name(Stack waiter, LockRef lock, WaitKind kind) {
        return exact(waiter, lock, kind).orElseGet(() -> fallback(waiter, lock, kind));
    }

    /** The name from the code, if it tells one. */
    public synchronized Optional<String> exact(Stack waiter, LockRef lock, WaitKind kind) {
        List<Frame> frames = waiter.frames();
        if (kind == WaitKind.FUTURE && frames.stream().takeWhile(Frame::isJdk).anyMatch(LockNamer::awaitsAnswer)) {
            return Optional.of(ANSWER);
        }
        int start = start(frames, lock, kind);
        if (start < 0) {
            return Optional.empty();
        }
        String known = known(frames, start, false);
        boolean open = known != null && (known.equals(NONE) || leavesOpen(known));
        if (known == null || (open && mayUseIndex(frames, start, 1))) {
            String byIndex = known(frames, start, true);
            known = byIndex == null && code.parsed(frames.get(start).className()) != null
                    ? find(frames, start, kind)
                    : byIndex;
        }
        return Optional.ofNullable(known)
                .filter(name -> !name.equals(NONE))
                .filter(name ->
                        kind != WaitKind.CLASS_INIT || name.startsWith(CLASS)) // else of another wait at the line
                .map(name -> kind == WaitKind.MONITOR && start == 0 ? entered(name, frames.get(0), lock) : name);
    }

    /**
     * The begin of a synchronized method goes by its first line, on which it may lock something else. Without the bytecode index the class of the
     * lock decides: a field of another type does not hold it.
     */
    private String entered(String name, Frame frame, LockRef lock) {
        Code.Parsed type = frame.bytecodeIndex() < 0 && lock.className().equals(frame.className())
                ? code.parsed(frame.className())
                : null;
        FieldNode field = type != null && name.startsWith(type.name() + ".")
                ? type.field(name.substring(type.name().length() + 1))
                : null;
        if (type == null || field == null || mayHold(field, lock)) {
            return name;
        }
        boolean enters = type.methods(frame.method(), frame.descriptor()).stream()
                .anyMatch(method ->
                        (method.access & Opcodes.ACC_SYNCHRONIZED) != 0 && (method.access & Opcodes.ACC_STATIC) == 0);
        return enters ? "synchronized " + place(frame) : name;
    }

    private static boolean mayHold(FieldNode field, LockRef lock) {
        String type = Type.getType(field.desc).getClassName();
        return type.equals(lock.className()) || type.equals("java.lang.Object");
    }

    /** Whether a name leaves open which of two locks it is. */
    public static boolean leavesOpen(String name) {
        return name.contains(OR);
    }

    /**
     * The name of the object that a call of the innermost frame uses.
     *
     * @param call {@code Map.put}
     */
    public synchronized Optional<String> used(Stack user, String call) {
        return user.isEmpty()
                ? Optional.empty()
                : Optional.ofNullable(
                        LockTrail.ofCall(code, user.frames(), call).name(0));
    }

    /**
     * The name of the array of which the innermost frame takes an element.
     *
     * @param type {@code int[]}
     */
    public synchronized Optional<String> usedArray(Stack user, String type, boolean writes) {
        return user.isEmpty()
                ? Optional.empty()
                : Optional.ofNullable(
                        LockTrail.ofElement(code, user.frames(), type, writes).name(0));
    }

    /**
     * The name of the object of which the innermost frame uses a field.
     *
     * @param field after its class and a dot
     */
    public synchronized Optional<String> usedField(Stack user, String field, boolean writes) {
        return user.isEmpty()
                ? Optional.empty()
                : Optional.ofNullable(
                        LockTrail.ofField(code, user.frames(), field, writes).name(0));
    }

    /** The name of the object that the second frame calls the innermost one on; none if it is a static method, or a constructor. */
    public synchronized Optional<String> calledOn(Stack callee) {
        return callee.frames().size() < 2 || callee.frames().get(0).method().equals("<init>")
                ? Optional.empty()
                : Optional.ofNullable(new LockTrail(code, callee.frames(), WaitKind.PARK, false).name(1));
    }

    /** The name of the lock that the innermost frame takes on its very line. */
    public synchronized Optional<String> taken(Stack taker, boolean monitor) {
        return taker.isEmpty()
                ? Optional.empty()
                : Optional.ofNullable(
                        LockTrail.ofTaken(code, taker.frames(), monitor).name(0));
    }

    /**
     * The name of a lock that one call of the innermost frame takes with another.
     *
     * @param argument whether that of the argument, else that of what the call is made on
     */
    public synchronized Optional<String> nested(Stack caller, boolean argument) {
        return caller.isEmpty()
                ? Optional.empty()
                : Optional.ofNullable(
                        LockTrail.ofNesting(code, caller.frames(), argument).name(0));
    }

    /** Takes over a name that a recording kept. */
    public synchronized void learn(Fact.Named named) {
        if (!named.site().isEmpty() && !named.name().isEmpty()) {
            names.put(named.site(), named.name());
        }
    }

    /** The begin of {@link Fact.Named#site}: {@code class.method(descriptor)} and {@code :line} or {@code @bytecode index}. */
    static String site(Frame frame, boolean byIndex) {
        String descriptor = frame.descriptor();
        String method = frame.className() + "." + frame.method() + (descriptor == null ? "" : descriptor);
        return method + (byIndex ? "@" + frame.bytecodeIndex() : ":" + frame.line());
    }

    /** {@link #NONE} if the code was asked and told none; null if nothing is kept for this stack. */
    private @Nullable String known(List<Frame> frames, int start, boolean byIndex) {
        for (int used = 1; used <= MOST_FRAMES; used++) {
            String known = names.get(key(frames, start, used, byIndex));
            if (known != null) {
                return known;
            }
        }
        return null;
    }

    private @Nullable String find(List<Frame> frames, int start, WaitKind kind) {
        LockTrail trail = new LockTrail(code, frames, kind, false);
        String name = trail.name(start);
        boolean byIndex = (name == null || leavesOpen(name)) && mayUseIndex(frames, start, trail.used());
        if (byIndex) {
            trail = new LockTrail(code, frames, kind, true);
            name = trail.name(start);
        }
        String key = key(frames, start, Math.min(trail.used(), MOST_FRAMES), byIndex);
        names.put(key, name == null ? NONE : name);
        if (name != null) {
            found.accept(new Fact.Named(Instant.now(), key, name));
        }
        return name;
    }

    private boolean mayUseIndex(List<Frame> frames, int start, int used) {
        return frames.get(start).bytecodeIndex() >= 0
                && frames.subList(start, Math.min(frames.size(), start + used)).stream()
                        .noneMatch(frame -> rewritten.test(frame.className()));
    }

    /** The site and the callers that were looked at; by line also what the site calls. */
    private static String key(List<Frame> frames, int start, int used, boolean byIndex) {
        StringBuilder key = new StringBuilder(site(frames.get(start), byIndex));
        if (!byIndex && start > 0) {
            key.append('>').append(frames.get(start - 1).method());
        }
        for (int i = start + 1; i < frames.size() && i < start + used; i++) {
            key.append('<').append(site(frames.get(i), byIndex));
        }
        return key.append("<".repeat(Math.max(0, start + used - frames.size()))).toString();
    }

    /**
     * The frame whose code knows the lock: the innermost of the application, if it calls the object waited for or the class
     * that has it inside; else the JDK's own that waits. The JDK's own callers say what a queue is for, of a monitor no more than the
     * synchronized method itself.
     */
    private static int start(List<Frame> frames, LockRef lock, WaitKind kind) {
        int inner = 0;
        while (inner < frames.size() && isPlumbing(frames.get(inner))) {
            inner++;
        }
        String inside = inner < frames.size() ? outermost(frames.get(inner).className()) : "";
        int last = inner;
        while (last < frames.size()
                && frames.get(last).isJdk()
                && (isPlumbing(frames.get(last))
                        || outermost(frames.get(last).className()).equals(inside))) {
            last++;
        }
        boolean called = last < frames.size()
                && (!frames.get(last).isJdk()
                        || (kind != WaitKind.MONITOR && inside.equals(outermost(lock.className()))));
        return called ? last : inner < frames.size() ? inner : -1;
    }

    private static boolean awaitsAnswer(Frame frame) {
        return frame.className().equals("jdk.internal.net.http.HttpClientImpl")
                && frame.method().equals("send");
    }

    /** About waiting as such; says nothing of what is waited for. */
    private static boolean isPlumbing(Frame frame) {
        return frame.isJdk()
                && (frame.className().startsWith("java.util.concurrent.locks.")
                        || frame.className().startsWith("java.util.concurrent.ForkJoin")
                        || frame.className().startsWith("java.util.concurrent.LinkedTransferQueue$DualNode")
                        || (frame.className().startsWith("jdk.internal.")
                                && !frame.className().startsWith("jdk.internal.net.")) // has locks of its own
                        || frame.className().startsWith("io.lockjam.boot.")
                        || frame.className().startsWith("java.lang.Object")
                        || frame.className().equals("java.lang.VirtualThread")
                        || frame.className().startsWith("java.lang.System$") // what other packages may ask of java.lang
                        || (frame.className().equals("java.lang.Thread")
                                && frame.method().startsWith("run")) // calls what the thread is there for
                        || frame.className().contains("$$Lambda"));
    }

    private static String outermost(String className) {
        int inner = className.indexOf('$');
        return inner < 0 ? className : className.substring(0, inner);
    }

    private static String fallback(Stack waiter, LockRef lock, WaitKind kind) {
        String type = lock.className().isEmpty() ? "lock" : simple(lock.className());
        int start = start(waiter.frames(), lock, kind);
        return start < 0 ? type : type + " in " + place(waiter.frames().get(start));
    }

    static String place(Frame frame) {
        return simple(frame.className()) + "." + frame.method();
    }

    static String simple(String className) {
        return className.substring(className.lastIndexOf('.') + 1);
    }
}
