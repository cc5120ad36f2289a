// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import io.lockjam.boot.Use;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import org.jspecify.annotations.Nullable;

/**
 * Puts probes into a class of an application: before accesses that may race, before calls on objects that are not
 * thread-safe, and around locks.
 *
 * <p>Probes are calls without a branch, so stack map frames stay as they are and no class is looked up to compute them;
 * methods without a site are copied byte for byte. The class initialiser is left alone: it is ordered by the JVM.
 *
 * <p>For a test run that predicts races, {@link OrderInserter} adds what tells the order of threads, also to class
 * initialisers, and the probes are those of {@code io.lockjam.boot.Predict}.
 */
public final class FieldProbeWeaver {
    private static final String PROBES = "io/lockjam/boot/";

    private final FieldTable fields;
    private final @Nullable Callees callees; // null to catch only

    public FieldProbeWeaver(ClassFiles files) {
        this(files, null);
    }

    /** @param predicted which classes take part in the order of threads, by internal name; null to catch only */
    public FieldProbeWeaver(ClassFiles files, @Nullable Predicate<String> predicted) {
        fields = new FieldTable(files);
        callees = predicted == null ? null : new Callees(predicted, fields);
    }

    /**
     * Weaves one class.
     *
     * @param original class file as the JVM has it; not changed
     * @return null if there is nothing to probe
     * @throws IllegalArgumentException if the class file is newer than this library knows
     * @throws RuntimeException if a method would become too long
     */
    public @Nullable Probed weave(byte[] original) {
        ClassReader reader = new ClassReader(original);
        String name = reader.getClassName();
        if ((reader.getAccess() & Opcodes.ACC_MODULE) != 0 || name.startsWith(PROBES)) {
            return null;
        }
        fields.know(name, original);
        List<StepScan> scans = scan(reader);
        ClassWriter writer = new ClassWriter(reader, ClassWriter.COMPUTE_MAXS);
        List<ProbeSite> sites = new ArrayList<>();
        Methods methods = new Methods(writer, scans, sites);
        reader.accept(methods, callees == null ? 0 : ClassReader.EXPAND_FRAMES);
        return sites.isEmpty() && !methods.ordered ? null : new Probed(writer.toByteArray(), List.copyOf(sites));
    }

    /** Reads the class once more if methods of it are known to do for others what is looked for. */
    private List<StepScan> scan(ClassReader reader) {
        Map<String, Helper> helpers = new HashMap<>();
        List<StepScan> scans = scan(reader, Map.of());
        for (StepScan each : scans) {
            Helper helper = each.helper();
            if (helper != null) {
                helpers.put(each.name(), helper);
            }
        }
        return helpers.isEmpty() ? scans : scan(reader, helpers);
    }

    private List<StepScan> scan(ClassReader reader, Map<String, Helper> helpers) {
        List<StepScan> scans = new ArrayList<>();
        Set<String> makers = new HashSet<>();
        reader.accept(
                new ClassVisitor(Opcodes.ASM9) {
                    @Override
                    public MethodVisitor visitMethod(
                            int access,
                            String name,
                            String descriptor,
                            @Nullable String signature,
                            String @Nullable [] exceptions) {
                        String method = reader.getClassName() + "." + name + descriptor;
                        MethodScan plain = new MethodScan(access, name, descriptor);
                        StepScan scan = new StepScan(plain, method, fields, makers, helpers);
                        scans.add(scan);
                        return scan;
                    }
                },
                ClassReader.SKIP_FRAMES);
        scans.forEach(scan -> scan.know(makers));
        markNumbers(scans);
        return scans;
    }

    /** Of a field only what holds for all methods of the class. */
    private static void markNumbers(List<StepScan> scans) {
        Map<String, List<StepScan>> users = new HashMap<>();
        scans.forEach(scan -> scan.numbers()
                .fields()
                .forEach(field ->
                        users.computeIfAbsent(field, any -> new ArrayList<>()).add(scan)));
        users.forEach((field, its) -> {
            List<Numbers> all = its.stream().map(StepScan::numbers).toList();
            boolean turns = all.stream().anyMatch(one -> one.chooses(field))
                    && all.stream().allMatch(one -> one.turns(field));
            boolean counts = all.stream().anyMatch(one -> one.changes(field))
                    && all.stream().allMatch(one -> one.counts(field))
                    && (all.stream().noneMatch(one -> one.isSet(field))
                            || all.stream().noneMatch(one -> one.tests(field)))
                    && (all.stream().noneMatch(one -> one.asksForFirst(field))
                            || all.stream().allMatch(one -> one.countsSingly(field)));
            int bits = (turns ? Use.TURN : 0) | (counts ? Use.COUNTER : 0);
            its.forEach(scan -> scan.mark(field, bits));
        });
    }

    /** Gives each method that has something to probe to a {@link ProbeInserter}. */
    private final class Methods extends ClassVisitor {
        private final List<StepScan> scans;
        private final List<ProbeSite> sites;
        private int index;
        private String name = "";
        private String file = "";
        private boolean literals;
        private boolean hasFrames;
        private boolean ordered;

        Methods(ClassWriter writer, List<StepScan> scans, List<ProbeSite> sites) {
            super(Opcodes.ASM9, writer);
            this.scans = scans;
            this.sites = sites;
        }

        @Override
        public void visit(
                int version,
                int access,
                String internalName,
                @Nullable String signature,
                @Nullable String superName,
                String @Nullable [] interfaces) {
            name = internalName;
            literals = (version & 0xffff) >= Opcodes.V1_5;
            hasFrames = (version & 0xffff) >= Opcodes.V1_6;
            if (callees != null && !literals) {
                throw new IllegalArgumentException("class file of before Java 5");
            }
            super.visit(version, access, internalName, signature, superName, interfaces);
        }

        @Override
        public void visitSource(@Nullable String source, @Nullable String debug) {
            file = source == null ? "" : source;
            super.visitSource(source, debug);
        }

        @Override
        public MethodVisitor visitMethod(
                int access,
                String method,
                String descriptor,
                @Nullable String signature,
                String @Nullable [] exceptions) {
            MethodVisitor out = super.visitMethod(access, method, descriptor, signature, exceptions);
            StepScan steps = scans.get(index++);
            MethodScan scan = steps.method();
            Place place = new Place(name, method, file, access, literals);
            boolean initialiser = method.equals("<clinit>");
            if (callees != null && (initialiser || scan.hasOrder())) {
                ordered = true;
                MethodVisitor inner = new OrderInserter(out, place, scan, fields, callees, hasFrames);
                return initialiser ? inner : new ProbeInserter(inner, place, steps, fields, sites, true);
            }
            return initialiser || !scan.hasSites() ? out : new ProbeInserter(out, place, steps, fields, sites, false);
        }
    }

    /**
     * The method being woven.
     *
     * @param literals whether its class file may have class constants
     */
    record Place(String className, String method, String file, int access, boolean literals) {
        String site(int line) {
            String at = file + (line > 0 ? ":" + line : "");
            return className.replace('/', '.') + "." + method + "(" + at + ")";
        }

        boolean isStatic() {
            return (access & Opcodes.ACC_STATIC) != 0;
        }

        boolean isSynchronized() {
            return (access & Opcodes.ACC_SYNCHRONIZED) != 0;
        }
    }
}
