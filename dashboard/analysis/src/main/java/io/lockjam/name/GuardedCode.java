// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.FieldNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TypeInsnNode;
import org.objectweb.asm.tree.analysis.SourceValue;

/**
 * Tells from the code whether who takes a write lock changes anything while it has it. Volatile fields and what is made for several threads do not count,
 * nor do objects that the method has made itself.
 */
public final class GuardedCode {
    private static final int MOST_ANSWERS = 2_000;

    /** Calls within calls that are looked into. */
    private static final int DEEPEST = 4;

    /** After the package of the locks. */
    private static final Pattern TAKES = Pattern.compile(
            "(?!Stamped).*\\.(lock|lockInterruptibly|tryLock)|StampedLock\\.(w|tryW)riteLock(Interruptibly)?");

    private static final Set<String> GIVES = Set.of("unlock", "unlockWrite");
    private static final String LOCKS = "java/util/concurrent/locks/";

    /** Of the JDK, what changes nothing that another thread could miss a change of. */
    private static final Pattern SAFE = Pattern.compile(
            "java/(time|math)/.*|java/util/concurrent/(atomic/|Concurrent|CopyOnWrite).*|java/util/(Objects|Optional\\w*|UUID)"
                    + "|java/util/concurrent/T(imeUnit|hreadLocalRandom)"
                    + "|java/lang/(System|Math|Object|String|Boolean|Character|Byte|Short|Integer|Long|Float|Double|Enum|Record|Class|Thread|\\w*(Exception|Error))");

    private static final Pattern CONTAINERS =
            Pattern.compile("java/util/\\w*(Map(\\$Entry)?|Set|List|Collections?|Deque|Queue|Vector|Arrays|Iterator)"
                    + "|java/util/stream/.*|java/lang/(Iterable|CharSequence|Comparable|StringBuilder)");
    private static final Pattern READS = Pattern.compile(
            "get\\w*|contains\\w*|size|isEmpty|\\w*[iI]terator|hasNext|next"
                    + "|values|keySet|entrySet|peek\\w*|element|first\\w*|last\\w*|(ceiling|floor|higher|lower|head|tail|sub)\\w*"
                    + "|indexOf|equals|compare\\w*|hashCode|toString|stream|toArray|copyOf|of|forEach|length|charAt|binarySearch"
                    + "|unmodifiable\\w*|filter|map\\w*|collect|toList|\\w*Match|sum|count|reduce|find\\w*|sorted|limit");

    /** Of which a look may be a change: the order of use, or what is left out. A class that makes one may ask it by its interface. */
    private static final Set<String> MOVES = Set.of("java/util/LinkedHashMap", "java/util/WeakHashMap");

    private static final Set<Integer> MAKES =
            Set.of(Opcodes.NEW, Opcodes.NEWARRAY, Opcodes.ANEWARRAY, Opcodes.MULTIANEWARRAY);

    private final Code code;
    private final Answers<Stack, Boolean> answers = new Answers<>(MOST_ANSWERS);

    public GuardedCode(ClassBytes classes) {
        this.code = new Code(classes);
    }

    /**
     * Whether the innermost method that is not the JDK's takes a lock where it stands, and only reads until it gives it back; false if that is not known.
     * Thread-safe.
     */
    public synchronized boolean onlyReads(Stack taker) {
        return answers.of(taker, unknown -> find(taker.frames()));
    }

    private boolean find(List<Frame> frames) {
        Code.Place place = code.caller(frames);
        if (place == null) {
            return false;
        }
        Frame frame = frames.get(place.index());
        List<MethodNode> methods = place.type().methods(frame.method(), frame.descriptor()).stream()
                .filter(method ->
                        Code.at(place.type(), method, frame, GuardedCode::takes).size() == 1)
                .toList();
        if (methods.size() != 1) {
            return false;
        }
        MethodNode method = methods.get(0);
        int take = method.instructions.indexOf(
                Code.at(place.type(), method, frame, GuardedCode::takes).get(0));
        BitSet guarded = new Flow(method).after(List.of(take), at -> gives(method.instructions.get(at)));
        boolean kept = guarded.stream().noneMatch(at -> gives(method.instructions.get(at)));
        Reader reader = new Reader(place.type(), method, 0, new HashSet<>());
        return !kept && guarded.stream().allMatch(at -> reader.reads(method.instructions.get(at)));
    }

    private static boolean takes(AbstractInsnNode instruction) {
        return instruction instanceof MethodInsnNode call
                && call.owner.startsWith(LOCKS)
                && TAKES.matcher(call.owner.substring(LOCKS.length()) + "." + call.name)
                        .matches();
    }

    private static boolean gives(AbstractInsnNode instruction) {
        return instruction instanceof MethodInsnNode call && call.owner.startsWith(LOCKS) && GIVES.contains(call.name);
    }

    /** Looks at the instructions of one method. */
    private final class Reader {
        private final MethodNode method;
        private final @Nullable Values values;
        private final boolean moves;
        private final int depth;
        private final Set<String> visited;

        Reader(Code.Parsed type, MethodNode method, int depth, Set<String> visited) {
            this.method = method;
            this.values = Values.of(type, method);
            this.moves = type.node().methods.stream().anyMatch(this::makesOneThatMoves);
            this.depth = depth;
            this.visited = visited;
        }

        boolean reads(AbstractInsnNode instruction) {
            int opcode = instruction.getOpcode();
            if (opcode >= Opcodes.IASTORE && opcode <= Opcodes.SASTORE) {
                return isOwn(instruction, 2);
            }
            if (instruction instanceof FieldInsnNode field) {
                return opcode == Opcodes.GETFIELD
                        || opcode == Opcodes.GETSTATIC
                        || (opcode == Opcodes.PUTFIELD && isOwn(instruction, 1))
                        || isVolatile(field);
            }
            if (instruction instanceof MethodInsnNode call) {
                return reads(call);
            }
            Handle body = Nest.body(instruction);
            return body == null
                    ? !(instruction instanceof InvokeDynamicInsnNode made)
                            || made.bsm.getOwner().equals("java/lang/invoke/StringConcatFactory")
                    : readsIn(body.getOwner(), body.getName(), body.getDesc());
        }

        private boolean reads(MethodInsnNode call) {
            boolean locks = call.owner.startsWith(LOCKS);
            if (locks || call.owner.startsWith("[") || SAFE.matcher(call.owner).matches()) {
                return !locks || gives(call) || takes(call) || call.name.endsWith("Lock");
            }
            int arguments = Type.getArgumentTypes(call.desc).length;
            if (call.getOpcode() != Opcodes.INVOKESTATIC && isOwn(call, arguments)) {
                return call.owner.startsWith("java/") || readsIn(call.owner, call.name, call.desc);
            }
            return call.owner.startsWith("java/")
                    ? !moves
                            && CONTAINERS.matcher(call.owner).matches()
                            && READS.matcher(call.name).matches()
                    : readsIn(call.owner, call.name, call.desc);
        }

        /** Of a method whose code is not known: no. */
        private boolean readsIn(String owner, String name, String descriptor) {
            if (!visited.add(owner + name + descriptor)) {
                return true;
            }
            Code.Parsed type = depth >= DEEPEST ? null : code.parsed(owner.replace('/', '.'));
            List<MethodNode> called = type == null ? List.of() : type.methods(name, descriptor);
            return type != null
                    && called.size() == 1
                    && called.get(0).instructions.size() > 0
                    && new Reader(type, called.get(0), depth + 1, visited).readsAll();
        }

        private boolean readsAll() {
            for (AbstractInsnNode each : method.instructions) {
                if (!reads(each)) {
                    return false;
                }
            }
            return true;
        }

        /** Whether an operand was made in this method, or is what its constructor makes. */
        private boolean isOwn(AbstractInsnNode instruction, int below) {
            SourceValue operand = values == null ? null : values.operand(instruction, below);
            return operand != null
                    && !operand.insns.isEmpty()
                    && operand.insns.stream()
                            .allMatch(source -> MAKES.contains(source.getOpcode())
                                    || (method.name.equals("<init>") && Origins.parameter(source) == 0));
        }

        private boolean makesOneThatMoves(MethodNode any) {
            for (AbstractInsnNode each : any.instructions) {
                if (each instanceof TypeInsnNode made && made.getOpcode() == Opcodes.NEW) {
                    Code.Parsed type = made.desc.startsWith("java/") ? null : code.parsed(made.desc.replace('/', '.'));
                    if (MOVES.contains(made.desc) || (type != null && MOVES.contains(type.node().superName))) {
                        return true;
                    }
                }
            }
            return false;
        }

        private boolean isVolatile(FieldInsnNode field) {
            Code.Parsed type = code.parsed(code.declaring(field.owner.replace('/', '.'), field.name));
            FieldNode known = type == null ? null : type.field(field.name);
            return known != null && (known.access & Opcodes.ACC_VOLATILE) != 0;
        }
    }
}
