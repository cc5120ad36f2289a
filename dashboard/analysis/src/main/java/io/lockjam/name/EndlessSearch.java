// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * Tells from the code whether a thread stands in a map's own loop that would have no end if the map's links were a circle, and in which map.
 *
 * <p>Two threads that change a {@code WeakHashMap}, {@code TreeMap} or {@code HashMap} at once can link its entries to a circle; whoever then looks
 * for a key that is not there goes round for ever. Whether the thread ever comes out only time tells. What a short look could take for it
 * is left out: iterators, whose loop is the caller's; copies and new tables, which take long in a large map; and a search in a tree that a
 * caller repeats in a loop, since in a tree nearly all of the time is spent in the search.
 */
public final class EndlessSearch {
    private static final String TREE = "java.util.TreeMap";
    private static final String BIN = "java.util.HashMap$TreeNode";
    private static final Set<String> MAPS =
            Set.of(TREE, BIN, "java.util.HashMap", "java.util.WeakHashMap", "java.util.IdentityHashMap");

    /** Of a bin only what goes up to its root: a search in it may look at all of its entries. */
    private static final Pattern SEARCHES =
            Pattern.compile("get|getNode|getEntry\\w*|get(Ceiling|Floor|Higher|Lower)Entry"
                    + "|put|putVal|putIfAbsent|remove|removeNode|containsKey|compute|computeIfAbsent|computeIfPresent|merge"
                    + "|expungeStaleEntries|transfer|successor|predecessor|fixAfter(Insertion|Deletion)|root");

    private static final Pattern CHANGES = Pattern.compile(
            "put|putAll|putIfAbsent|compute|computeIfAbsent|computeIfPresent|merge|remove|replace|clear|add|addAll|poll\\w+");

    /** Between the map and its user; these are a look at one entry after another, or have a lock. */
    private static final Pattern NOT_ITSELF =
            Pattern.compile("Iterator|Spliterator|Synchronized|Concurrent|Hashtable|stream");

    private final Code code;
    private final Answers<Stack, Optional<String>> answers = new Answers<>(5_000);

    public EndlessSearch(ClassBytes classes) {
        this.code = new Code(classes);
    }

    /** The field with the map in whose loop the thread stands; empty if it stands elsewhere, or nothing but constructors fill the map. Thread-safe. */
    public synchronized Optional<String> map(Stack stack) {
        int inner = inner(stack.frames());
        int user = inner < 0 ? -1 : user(stack.frames(), inner);
        if (user < 0) {
            return Optional.empty();
        }
        return answers.of(
                new Stack(stack.frames().subList(0, Math.min(stack.frames().size(), user + LockNamer.MOST_FRAMES))),
                unknown -> find(stack.frames(), inner, user));
    }

    /** The frame of the map, innermost first; -1 if the thread stands in none, or in code that the map calls. */
    private static int inner(List<Frame> frames) {
        for (int i = 0; i < frames.size(); i++) {
            String type = frames.get(i).className();
            if (MAPS.contains(type)) {
                boolean searches = SEARCHES.matcher(frames.get(i).method()).matches()
                        && type.equals(BIN) == frames.get(i).method().equals("root");
                return searches && (i == 0 || type.equals(TREE)) ? i : -1;
            }
            if (!type.startsWith("java.lang.") && !type.startsWith("java.util.Objects")) {
                return -1; // a tree compares its keys
            }
        }
        return -1;
    }

    /** The frame that uses the map; -1 if that is not known. */
    private static int user(List<Frame> frames, int inner) {
        for (int i = inner + 1; i < frames.size(); i++) {
            Frame frame = frames.get(i);
            if (!frame.isJdk()) {
                return i;
            }
            if (!frame.className().startsWith("java.util.")
                    || NOT_ITSELF.matcher(frame.className()).find()) {
                return -1;
            }
        }
        return -1;
    }

    private Optional<String> find(List<Frame> frames, int inner, int user) {
        String called = frames.get(user - 1).method();
        Code.Parsed type = code.parsed(frames.get(user).className());
        boolean tree = frames.get(inner).className().equals(TREE);
        if (type == null
                || !isInLoop(frames.get(inner), null)
                || (tree && isRepeated(frames, user))
                || type.node().methods.stream().noneMatch(EndlessSearch::changes)) {
            return Optional.empty();
        }
        return calls(type, frames.get(user), called)
                .flatMap(call -> Optional.ofNullable(LockTrail.receiver(
                        code, frames.subList(user, frames.size()), type, call.method(), call.instruction(), 0)))
                .filter(name -> isField(type, name));
    }

    /** Whether a method of the application on the stack calls the next one in a loop. */
    private boolean isRepeated(List<Frame> frames, int user) {
        for (int i = user; i < Math.min(frames.size(), user + LockNamer.MOST_FRAMES); i++) {
            if (!frames.get(i).isJdk()
                    && isInLoop(frames.get(i), frames.get(i - 1).method())) {
                return true;
            }
        }
        return false;
    }

    private record Call(MethodNode method, MethodInsnNode instruction) {}

    /** The call of the map at which a frame stands; empty if there are several. */
    private static Optional<Call> calls(Code.Parsed type, Frame frame, String called) {
        List<Call> calls = new ArrayList<>();
        for (MethodNode method : type.methods(frame.method(), frame.descriptor())) {
            for (AbstractInsnNode each : Code.at(type, method, frame, at -> isCall(at, called) && isOfMap(at))) {
                if (each instanceof MethodInsnNode call) {
                    calls.add(new Call(method, call));
                }
            }
        }
        return calls.size() == 1 ? Optional.of(calls.get(0)) : Optional.empty();
    }

    private static boolean isCall(AbstractInsnNode instruction, String called) {
        return instruction instanceof MethodInsnNode call && call.name.equals(called);
    }

    private static boolean isOfMap(AbstractInsnNode instruction) {
        return instruction instanceof MethodInsnNode call && call.owner.startsWith("java/util/");
    }

    /** Whether each instruction at which the frame may stand leads back to itself. */
    private boolean isInLoop(Frame frame, @Nullable String called) {
        Code.Parsed type = code.parsed(frame.className());
        if (type == null) {
            return false;
        }
        for (MethodNode method : type.methods(frame.method(), frame.descriptor())) {
            List<AbstractInsnNode> here = Code.at(
                    type, method, frame, each -> each.getOpcode() >= 0 && (called == null || isCall(each, called)));
            Flow flow = here.isEmpty() || method.instructions.size() > Code.LONGEST_METHOD ? null : new Flow(method);
            if (flow != null) {
                return here.stream()
                        .map(method.instructions::indexOf)
                        .anyMatch(at -> flow.after(List.of(at), each -> false).get(at));
            }
        }
        return false;
    }

    /** What is filled once, as a table in a constructor is, cannot be broken later. */
    private static boolean changes(MethodNode method) {
        if (method.name.startsWith("<")) {
            return false;
        }
        for (AbstractInsnNode each : method.instructions) {
            if (each instanceof MethodInsnNode call
                    && call.owner.startsWith("java/util/")
                    && !call.owner.startsWith("java/util/concurrent/")
                    && CHANGES.matcher(call.name).matches()) {
                return true;
            }
        }
        return false;
    }

    /** A local variable is one thread's. */
    private static boolean isField(Code.Parsed type, String name) {
        String field = name.substring(name.lastIndexOf('.') + 1);
        return name.contains(".") && type.field(field) != null;
    }
}
