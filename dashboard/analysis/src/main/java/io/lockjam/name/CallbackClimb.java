// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import io.lockjam.model.WaitKind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/** The way from all calls of some classes that end waits of a kind out to the methods of libraries that lead there, if no other way does. */
final class CallbackClimb {
    /** More ways are not followed. */
    private static final int MOST_WAYS = 100;

    /** By which a future ends of itself, or by code that is not looked into. */
    private static final Pattern ELSEWHERE = Pattern.compile("\\w*[tT]imeout|completeAsync|obtrude\\w*");

    private static final String FUTURE = "java/util/concurrent/CompletableFuture";

    /** A class without the word has no call that ends such a wait. */
    private static final Map<WaitKind, String> WORDS = Map.of(WaitKind.LATCH, "countDown", WaitKind.FUTURE, FUTURE);

    private final ClassBytes bytes;
    private final Code code;
    private final Set<String> classes;
    private final WaitKind kind;
    private final @Nullable Set<String> made;
    private final Called called;
    private final Making making;
    private final Deque<Way> open = new ArrayDeque<>();
    private final Set<Way> known = new HashSet<>();
    private final Map<String, String> texts = new HashMap<>();

    private record Way(String type, String method, String descriptor) {}

    /** @param made where what is waited for was made; null if that is not known */
    CallbackClimb(ClassBytes bytes, Code code, Set<String> classes, WaitKind kind, @Nullable Set<String> made) {
        this.bytes = bytes;
        this.code = code;
        this.classes = classes;
        this.kind = kind;
        this.made = made == null ? null : new HashSet<>(made);
        this.called = new Called(code, classes);
        this.making = new Making(code, classes);
    }

    /** The types of libraries whose methods lead there; none if something else may, too. */
    Set<String> callbacks() {
        Set<String> found = new HashSet<>();
        if (!begins()) {
            return Set.of();
        }
        while (!open.isEmpty()) {
            Way way = open.remove();
            Code.Parsed type = code.parsed(way.type());
            Set<String> types = new HashSet<>();
            if (type != null) {
                type.methods(way.method(), way.descriptor()).forEach(each -> types.addAll(called.by(type, each)));
            }
            boolean before = known.size() > MOST_WAYS;
            Boolean calls = before ? null : callers(way);
            if (calls == null || types.contains(Called.ANYBODY) || (types.isEmpty() && !calls)) {
                return Set.of();
            }
            found.addAll(types);
        }
        return found;
    }

    /** Whether each call that ends such a wait is known; notes the methods that make one. */
    private boolean begins() {
        int before;
        do { // what is waited for may follow another future, which others end
            before = made == null ? 0 : made.size();
            for (String name : classes) {
                Code.Parsed type = mentions(name, WORDS.getOrDefault(kind, "")) ? code.parsed(name) : null;
                if (type != null && type.node().methods.stream().anyMatch(method -> !begins(type, method))) {
                    return false;
                }
            }
        } while (made != null && made.size() > before);
        return true;
    }

    private boolean begins(Code.Parsed type, MethodNode method) {
        for (AbstractInsnNode each : method.instructions) {
            if (mayEndUnseen(each, type, method)) {
                return false;
            }
            if (each instanceof MethodInsnNode call
                    && Giving.ends(call) == kind
                    && mayMean(type, method, call, Making.receiver(call))) {
                add(new Way(type.name(), method.name, method.desc));
            }
        }
        return true;
    }

    /** Whether it hands such a call to others, or lets a future end of itself. */
    private boolean mayEndUnseen(AbstractInsnNode instruction, Code.Parsed type, MethodNode method) {
        Handle body = Nest.body(instruction);
        if (body != null) {
            MethodInsnNode refers =
                    new MethodInsnNode(Opcodes.INVOKEVIRTUAL, body.getOwner(), body.getName(), body.getDesc(), false);
            boolean bound = Type.getArgumentTypes(((InvokeDynamicInsnNode) instruction).desc).length == 1;
            return Giving.ends(refers) == kind
                    && !(bound && !mayMean(type, method, instruction, 0))
                    && !follows(type, method, instruction);
        }
        return kind == WaitKind.FUTURE
                && instruction instanceof MethodInsnNode call
                && call.owner.equals(FUTURE)
                && ELSEWHERE.matcher(call.name).matches()
                && mayMean(type, method, call, Making.receiver(call));
    }

    /** Whether it is run as another future is completed, which counts from now on as well. */
    private boolean follows(Code.Parsed type, MethodNode method, AbstractInsnNode reference) {
        Set<String> followed = kind == WaitKind.FUTURE ? making.followed(type, method, reference) : null;
        if (followed == null || made == null) {
            return false;
        }
        made.addAll(followed);
        return true;
    }

    /** Whether an operand may be what is waited for: not if both are known to be made elsewhere. */
    private boolean mayMean(Code.Parsed type, MethodNode method, AbstractInsnNode instruction, int below) {
        Set<String> other = made == null ? null : making.of(type, method, instruction, below);
        return made == null || other == null || other.stream().anyMatch(made::contains);
    }

    private boolean mentions(String className, String word) {
        return texts.computeIfAbsent(className, this::text).contains(word);
    }

    private String text(String className) {
        byte[] file = bytes.of(className);
        return file == null ? "" : new String(file, StandardCharsets.ISO_8859_1);
    }

    private void add(Way way) {
        if (known.add(way)) {
            open.add(way);
        }
    }

    /** Whether a method is called by another one of these classes, which is noted; null if it is not sure by whom. */
    private @Nullable Boolean callers(Way way) {
        boolean found = false;
        for (String each : classes) {
            Code.Parsed type = mentions(each, way.method()) ? code.parsed(each) : null;
            for (MethodNode method : type == null ? List.<MethodNode>of() : type.node().methods) {
                for (AbstractInsnNode instruction : method.instructions) {
                    if (type != null
                            && instruction instanceof MethodInsnNode call
                            && call.name.equals(way.method())
                            && call.desc.equals(way.descriptor())
                            && (isOf(way, call.owner) || called.isA(way.type(), call.owner))) {
                        found = true;
                        add(new Way(type.name(), method.name, method.desc));
                    }
                }
            }
        }
        return way.method().equals("<clinit>") || way.method().equals("main") ? null : found;
    }

    private static boolean isOf(Way way, String owner) {
        return way.type().equals(owner.replace('/', '.'));
    }
}
