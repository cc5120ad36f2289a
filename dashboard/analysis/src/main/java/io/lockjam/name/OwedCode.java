// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import io.lockjam.model.Frame;
import io.lockjam.model.Owed;
import io.lockjam.model.Stack;
import io.lockjam.model.WaitKind;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TypeInsnNode;

/**
 * Tells from the code of a stack what its thread is still to give: a permit or stamp that it has taken, or a signal that stands further on in
 * one of its methods, in what these call, or in a task they make. Thread-safe.
 *
 * <p>Nobody owns a semaphore, a latch or a condition, so only the code can tell who would end a wait for one. A thing goes by the name that
 * the code has for it, which two objects may share.
 */
public final class OwedCode {
    /** Calls within calls that are looked into. */
    private static final int DEEPEST = 2;

    /** Methods looked into for one stack. */
    private static final int MOST_METHODS = 200;

    private static final int MOST_ANSWERS = 2_000;
    /** Frames from the wait outwards that may have made the task waited for. */
    private static final int MAKERS = 3;

    private static final Set<WaitKind> MEETINGS = EnumSet.of(WaitKind.BARRIER, WaitKind.PHASER, WaitKind.EXCHANGER);

    private final Code code;
    private final Answers<Stack, Set<Owed>> answers = new Answers<>(MOST_ANSWERS);

    private final Answers<String, Set<String>> places = new Answers<>(MOST_ANSWERS);

    public OwedCode(ClassBytes classes) {
        this.code = new Code(classes);
    }

    /** Nothing for methods whose code cannot be read. */
    public synchronized Set<Owed> owes(Stack stack) {
        return answers.of(stack, unknown -> new Search(stack.frames()).find());
    }

    /** Whether what one thread runs as a task was made by the method in which the other waits. */
    public synchronized boolean runsTaskOf(Stack runner, Stack waiter) {
        List<Frame> own =
                runner.frames().stream().filter(frame -> !frame.isJdk()).toList();
        boolean isTask = runner.frames().stream()
                .anyMatch(frame -> frame.className().startsWith("java.util.concurrent.")
                        && (frame.method().equals("run") || frame.method().equals("exec")));
        return isTask
                && !own.isEmpty()
                && waiter.frames().stream()
                        .filter(frame -> !frame.isJdk())
                        .limit(MAKERS)
                        .anyMatch(frame -> makes(frame, own.get(own.size() - 1)));
    }

    /**
     * The methods, as class and name, that end waits of a kind for a thing of a name; those of the class that has it and of the classes
     * nested in it, so all if it is kept private.
     */
    public synchronized Set<String> places(Stack waiter, WaitKind kind, String name) {
        return places.of(kind + name, unknown -> {
            Search search = new Search(List.of());
            return methods(waiter, name, (type, method) -> search.gives(kind, name, type, method));
        });
    }

    /**
     * The tasks and callbacks of the same classes, as class and method, that give such a thing and do not take it before, themselves or in
     * what they call: they may start at any time.
     */
    public synchronized Set<String> tasks(Stack waiter, WaitKind kind, String name) {
        return places.of("tasks " + kind + name, unknown -> {
            Wrapped wrapped = new Wrapped(code, List.of());
            return methods(waiter, name, (type, method) -> isTask(method) && wrapped.gives(type, method, kind, name));
        });
    }

    /** Of the class that has the thing and those nested in it. */
    private Set<String> methods(Stack waiter, String name, BiPredicate<Code.Parsed, MethodNode> wanted) {
        Set<String> found = new HashSet<>();
        for (Code.Parsed type : Nest.of(code, waiter, name)) {
            type.node().methods.stream()
                    .filter(method -> wanted.test(type, method))
                    .forEach(method -> found.add(type.name() + "." + method.name));
        }
        return found;
    }

    private static boolean isTask(MethodNode method) {
        return method.name.startsWith("lambda$")
                || (method.name.equals("run") && method.desc.equals("()V"))
                || method.name.equals("call");
    }

    private boolean makes(Frame maker, Frame task) {
        Code.Parsed type = code.parsed(maker.className());
        String made = task.className().replace('.', '/');
        for (MethodNode method : type == null ? List.<MethodNode>of() : type.methods(maker.method(), null)) {
            for (AbstractInsnNode each : method.instructions) {
                Handle body = Nest.body(each);
                boolean lambda = body != null
                        && body.getOwner().equals(made)
                        && body.getName().equals(task.method());
                boolean object =
                        each instanceof TypeInsnNode own && own.getOpcode() == Opcodes.NEW && own.desc.equals(made);
                if (lambda || object) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The search through one stack. */
    private final class Search {
        private final List<Frame> frames;
        private final Set<Owed> found = new HashSet<>();
        private final Set<String> visited = new HashSet<>();
        private final Wrapped wrapped;

        Search(List<Frame> frames) {
            this.frames = frames;
            wrapped = new Wrapped(code, frames);
        }

        Set<Owed> find() {
            for (int i = 0; i < frames.size(); i++) {
                Code.Parsed type =
                        frames.get(i).isJdk() ? null : code.parsed(frames.get(i).className());
                if (type != null) {
                    for (MethodNode method :
                            type.methods(frames.get(i).method(), frames.get(i).descriptor())) {
                        List<Integer> here = Code.stands(type, method, frames, i);
                        if (!here.isEmpty()) {
                            goOn(type, method, i, here);
                        }
                    }
                }
            }
            return Set.copyOf(found);
        }

        private void goOn(Code.Parsed type, MethodNode method, int index, List<Integer> here) {
            visited.clear();
            Flow flow = new Flow(method);
            BitSet reached = flow.after(here, at -> false);
            reached.stream().forEach(at -> {
                AbstractInsnNode each = method.instructions.get(at);
                WaitKind kind = each instanceof MethodInsnNode call ? Giving.ends(call) : null;
                String name = kind == null ? null : nameOf((MethodInsnNode) each, type, method, index);
                if (kind != null && name != null) {
                    IntPredicate takes = takes(kind, name, type, method, index);
                    IntPredicate gives = gives(kind, name, type, method, index);
                    boolean taken = here.stream().allMatch(from -> flow.holds(from, takes, gives));
                    if (taken || flow.after(here, takes).get(at)) {
                        BitSet before = flow.onward(0, here::contains, (from, to) -> false);
                        found.add(new Owed(kind, name, type.name() + "." + method.name, taken, !before.get(at)));
                    }
                } else {
                    Set<Owed> given = within(each);
                    found.addAll(given);
                    given.stream()
                            .filter(owed -> isHeld(owed, flow, here, type, method, index))
                            .forEach(owed -> found.add(
                                    new Owed(owed.kind(), owed.name(), owed.place(), true, owed.onlyAfter())));
                }
            });
        }

        private Set<Owed> within(AbstractInsnNode instruction) {
            Set<Owed> before = Set.copyOf(found);
            found.clear();
            lookInto(instruction, 1);
            Set<Owed> given = Set.copyOf(found);
            found.clear();
            found.addAll(before);
            return given;
        }

        /** Whether what a method called gives back has been taken on every way to where the thread stands. */
        private boolean isHeld(
                Owed owed, Flow flow, List<Integer> here, Code.Parsed type, MethodNode method, int index) {
            IntPredicate takes = takes(owed.kind(), owed.name(), type, method, index);
            IntPredicate gives = gives(owed.kind(), owed.name(), type, method, index);
            return here.stream().allMatch(from -> flow.holds(from, takes, gives));
        }

        private IntPredicate takes(WaitKind kind, String name, Code.Parsed type, MethodNode method, int index) {
            return at -> method.instructions.get(at) instanceof MethodInsnNode call
                    && (Giving.takes(call, kind)
                            ? name.equals(nameOf(call, type, method, index))
                            : wrapped.takes(call, kind, name));
        }

        private IntPredicate gives(WaitKind kind, String name, Code.Parsed type, MethodNode method, int index) {
            return givesItself(kind, name, type, method, index)
                    .or(at -> method.instructions.get(at) instanceof MethodInsnNode call
                            && wrapped.gives(call, kind, name));
        }

        private IntPredicate givesItself(WaitKind kind, String name, Code.Parsed type, MethodNode method, int index) {
            return at -> method.instructions.get(at) instanceof MethodInsnNode call
                    && Giving.ends(call) == kind
                    && name.equals(nameOf(call, type, method, index));
        }

        private @Nullable String nameOf(MethodInsnNode call, Code.Parsed type, MethodNode method, int index) {
            return LockTrail.receiver(code, frames, type, method, call, index);
        }

        /** A method that is called, or a task that is made: whatever it gives and does not take itself. Who comes to a barrier is a thread. */
        private void lookInto(AbstractInsnNode instruction, int depth) {
            Handle body = Nest.body(instruction);
            if (body != null) {
                Set<Owed> before = Set.copyOf(found);
                lookInto(body.getOwner(), body.getName(), body.getDesc(), depth);
                found.removeIf(each -> MEETINGS.contains(each.kind()) && !before.contains(each));
            } else if (instruction instanceof MethodInsnNode call) {
                lookInto(call.owner, call.name, call.desc, depth);
            }
        }

        private void lookInto(String owner, String name, String descriptor, int depth) {
            boolean ours = !new Frame(owner.replace('/', '.'), name, null, null, -1, -1).isJdk();
            boolean known = depth > DEEPEST
                    || visited.size() >= MOST_METHODS
                    || !ours
                    || !visited.add(owner + "." + name + descriptor);
            Code.Parsed type = known ? null : code.parsed(owner.replace('/', '.'));
            if (type != null) {
                type.methods(name, descriptor).forEach(method -> lookInto(type, method, depth));
            }
        }

        private void lookInto(Code.Parsed type, MethodNode method, int depth) {
            for (AbstractInsnNode each : method.instructions) {
                WaitKind kind = each instanceof MethodInsnNode call ? Giving.ends(call) : null;
                String given = kind == null ? null : nameOf((MethodInsnNode) each, type, method, -1);
                if (kind != null && given != null && !takesItself(kind, given, type, method)) {
                    found.add(new Owed(kind, given, type.name() + "." + method.name, false, false));
                } else {
                    lookInto(each, depth + 1);
                }
            }
        }

        private boolean gives(WaitKind kind, String name, Code.Parsed type, MethodNode method) {
            IntPredicate gives = givesItself(kind, name, type, method, -1);
            return IntStream.range(0, method.instructions.size()).anyMatch(gives);
        }

        private boolean takesItself(WaitKind kind, String name, Code.Parsed type, MethodNode method) {
            return IntStream.range(0, method.instructions.size()).anyMatch(takes(kind, name, type, method, -1));
        }
    }
}
