// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import io.lockjam.control.WeaveOutcome;
import java.lang.instrument.Instrumentation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Puts hooks into classes and takes them out again, in batches of one safepoint each. */
final class Weaving {
    /** Classes retransformed in one safepoint; all of the JDK's fit in one. */
    private static final int BATCH = 50;

    private final Instrumentation instrumentation;
    private final Transformer transformer;
    private final Losses losses = new Losses();
    private boolean begun;

    Weaving(Instrumentation instrumentation, Faults faults) {
        this.instrumentation = instrumentation;
        transformer = new Transformer(faults);
        new Restoring().tryOut(List.of()); // where there is no room for classes later, its own are there
    }

    /**
     * Weaves the classes with these names, internal or with dots. Those that neither the JVM nor the application has are
     * watched for from now on: {@link #weaveLoaded}.
     */
    WeaveOutcome weave(List<String> names, WeaveService service) {
        if (!begun) {
            instrumentation.addTransformer(transformer, true);
            begun = true;
        }
        return weaveClasses(classes(names), service);
    }

    /** Weaves classes that were asked for before and have been loaded since; null if there are none. */
    @Nullable
    WeaveOutcome weaveLoaded(WeaveService service) {
        Map<String, Integer> seen = transformer.takeSeen();
        if (seen.isEmpty()) {
            return null;
        }
        List<Class<?>> found = new ArrayList<>();
        addLoaded(found, seen.keySet());
        found.forEach(type -> seen.remove(type.getName()));
        transformer.seeAgain(seen); // being defined at this moment
        found.removeAll(transformer.woven());
        return found.isEmpty() ? null : weaveClasses(found, service);
    }

    /** Whether there is something for {@link #weaveLoaded}. */
    boolean hasLoaded() {
        return transformer.hasSeen();
    }

    private WeaveOutcome weaveClasses(List<Class<?>> classes, WeaveService service) {
        List<Class<?>> before = transformer.woven();
        Batches batches = new Batches() {
            @Override
            void run(List<Class<?>> part) throws Exception {
                transformer.weaving(service, () -> retransform(part));
            }

            @Override
            void refused(Class<?> type, Throwable why) {
                if (!before.contains(type)) {
                    transformer.forget(type);
                }
                fail(type, why);
            }
        };
        return batches.of(classes);
    }

    WeaveOutcome restore(List<String> names) {
        Set<String> wanted = names.stream().map(Weaving::dotted).collect(Collectors.toSet());
        return restoreClasses(transformer.woven().stream()
                .filter(type -> wanted.contains(type.getName()))
                .toList());
    }

    /**
     * Gives every class its original bytes and ends the transformer.
     *
     * @throws OutOfMemoryError if the JVM had no room to make a class again; what is left is done by the next call
     */
    WeaveOutcome end() {
        WeaveOutcome outcome = restoreClasses(transformer.woven());
        instrumentation.removeTransformer(transformer);
        begun = false;
        return outcome;
    }

    /** Internal names of the classes that have hooks. */
    List<String> woven() {
        Set<String> names = new TreeSet<>();
        transformer.woven().forEach(type -> names.add(type.getName().replace('.', '/')));
        return List.copyOf(names);
    }

    /** Whether there is something for {@link #mend}. */
    boolean hasLost() {
        return transformer.hasLost();
    }

    /** Internal names of the classes that another agent has changed since we wove them for the first time. */
    Set<String> foreign() {
        return transformer.foreign().stream()
                .map(type -> type.getName().replace('.', '/'))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Internal names of the classes whose hooks another agent has removed; they stay out. */
    List<String> giveUpLost() {
        return transformer.takeLost().stream()
                .map(type -> type.getName().replace('.', '/'))
                .toList();
    }

    /** Weaves classes again whose hooks another agent has removed, each at most {@link Losses#MOST} times in a row. */
    List<Losses.Loss> mend(WeaveService service) {
        List<Losses.Loss> found = losses.of(transformer.takeLost(), System.nanoTime());
        List<Class<?>> again = found.stream()
                .filter(Losses.Loss::worthMending)
                .<Class<?>>map(Losses.Loss::type)
                .toList();
        if (!again.isEmpty()) {
            weaveClasses(again, service);
        }
        return found;
    }

    /** Has the check ask the woven classes whether their hooks are there; what does not answer is lost. */
    void check(HookCheck check, BooleanSupplier on) throws InterruptedException {
        int batches = transformer.batches();
        List<Class<?>> silent = check.silent(transformer.woven());
        if (on.getAsBoolean() && batches == transformer.batches() && batches % 2 == 0) { // else it was we
            silent.forEach(transformer::lose);
        }
    }

    private WeaveOutcome restoreClasses(List<Class<?>> classes) {
        Restoring batches = new Restoring();
        WeaveOutcome outcome = batches.of(classes);
        if (batches.full != null) {
            throw batches.full;
        }
        return outcome;
    }

    /** What is done with classes, some at a time. */
    private abstract class Batches {
        private final List<String> done = new ArrayList<>();
        private final List<String> failed = new ArrayList<>();

        abstract void run(List<Class<?>> part) throws Exception;

        /** The JVM has done it. */
        void accepted(List<Class<?>> part) {}

        /** The JVM has not changed this class. */
        abstract void refused(Class<?> type, Throwable why);

        void fail(Class<?> type, Throwable why) {
            failed.add(type.getName().replace('.', '/') + ": " + why);
        }

        WeaveOutcome of(List<Class<?>> classes) {
            long begin = System.nanoTime();
            for (int from = 0; from < classes.size(); from += BATCH) {
                tryOut(classes.subList(from, Math.min(classes.size(), from + BATCH)));
            }
            return new WeaveOutcome(done, failed, System.nanoTime() - begin);
        }

        /** When the JVM refuses a batch it has changed no class of it: halves find the one that is to blame. */
        void tryOut(List<Class<?>> part) {
            try {
                run(part);
                accepted(part);
                done.addAll(transformer.takeChanged());
                failed.addAll(transformer.takeFailed());
            } catch (Exception | LinkageError | InternalError | OutOfMemoryError refused) {
                transformer.takeChanged();
                transformer.takeFailed();
                if (part.size() <= 1) {
                    part.forEach(type -> refused(type, refused));
                    return;
                }
                tryOut(part.subList(0, part.size() / 2));
                tryOut(part.subList(part.size() / 2, part.size()));
            }
        }
    }

    /** Classes lose their hooks; what the JVM has no room for now stays noted, to be tried again. */
    private final class Restoring extends Batches {
        private @Nullable OutOfMemoryError full;

        @Override
        void run(List<Class<?>> part) throws Exception {
            transformer.restoring(() -> retransform(part));
        }

        @Override
        void accepted(List<Class<?>> part) {
            part.forEach(transformer::forget);
        }

        @Override
        void refused(Class<?> type, Throwable why) {
            if (why instanceof OutOfMemoryError noRoom) {
                full = noRoom;
                transformer.stays(type);
            } else {
                transformer.forget(type);
                fail(type, why);
            }
        }
    }

    private void retransform(List<Class<?>> classes) throws Exception {
        if (classes.isEmpty()) {
            return;
        }
        instrumentation.retransformClasses(classes.toArray(new Class<?>[0]));
    }

    /** Classes of the boot loader are loaded if need be, so that one batch has them all; others only if they are there. */
    private List<Class<?>> classes(List<String> names) {
        Set<String> elsewhere = new TreeSet<>();
        List<Class<?>> found = new ArrayList<>();
        for (String name : names) {
            try {
                add(found, Class.forName(dotted(name), false, null));
            } catch (ClassNotFoundException | LinkageError notOfTheBootLoader) {
                elsewhere.add(dotted(name));
            }
        }
        if (!elsewhere.isEmpty()) {
            transformer.watch(elsewhere.stream()
                    .filter(name -> !name.startsWith("java."))
                    .collect(Collectors.toSet())); // before looking, so that none is missed
            addLoaded(found, elsewhere);
        }
        return found;
    }

    private void addLoaded(List<Class<?>> found, Set<String> names) {
        for (Class<?> type : instrumentation.getAllLoadedClasses()) {
            if (type.getClassLoader() != null && names.contains(type.getName())) {
                add(found, type);
            }
        }
    }

    private void add(List<Class<?>> found, Class<?> type) {
        if (instrumentation.isModifiableClass(type) && !isOurs(type.getName())) {
            found.add(type);
        }
    }

    /** Our demos are applications like any other. */
    static boolean isOurs(String name) {
        return name.startsWith("io.lockjam.") && !name.startsWith("io.lockjam.demo.");
    }

    private static String dotted(String name) {
        return name.replace('/', '.');
    }
}
