// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import io.lockjam.boot.Caught;
import io.lockjam.boot.Nesting;
import io.lockjam.boot.Predictions;
import io.lockjam.boot.Traps;
import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The smallest agent that can run a window in a test's JVM: {@code prefix,delayMillis,seconds[,start[,predict]]}.
 *
 * <p>Prints what was caught as lines, and ends the JVM when the window is over: with the system property {@link #WANTED}, once a
 * race of each of these texts has been printed.
 */
public final class ProbeHarness {
    static final String WANTED = "lockjam.wanted";

    /** A window goes on for so many traps, if a busy machine makes few of them. */
    private static final int ENOUGH_TRAPS = 1_000;

    private static final long LONGER_NANOS = 40_000_000_000L;

    private ProbeHarness() {}

    public static void premain(String arguments, Instrumentation instrumentation) {
        String[] parts = arguments.split(",");
        Traps.preload(false);
        boolean predicts = parts.length > 4;
        Window window = new Window(instrumentation, parts[0].replace('.', '/'), predicts);
        if (predicts) {
            Predictions.preload();
            Predictions.begin(new String[] {parts[0] + "*"}, false);
            Predictions.judge();
            Traps.tell(each -> System.out.println(Window.line(each)));
        }
        if (parts.length > 3) {
            window.weavesAtLoad = true;
            instrumentation.addTransformer(window, true);
        }
        Thread thread =
                new Thread(() -> window.run(Long.parseLong(parts[1]), Long.parseLong(parts[2])), "probe harness");
        thread.setDaemon(true);
        thread.start();
    }

    private static final class Window implements ClassFileTransformer {
        private final Instrumentation instrumentation;
        private final String prefix;
        private final boolean predicts;
        private final List<String> failed = Collections.synchronizedList(new ArrayList<>());
        private final FieldProbeWeaver weaver;
        private final List<String> wanted = new ArrayList<>();
        private boolean weavesAtLoad;
        private volatile boolean weaving = true;

        Window(Instrumentation instrumentation, String prefix, boolean predicts) {
            this.predicts = predicts;
            weaver = new FieldProbeWeaver(Window::file, predicts ? name -> name.startsWith(prefix) : null);
            this.instrumentation = instrumentation;
            this.prefix = prefix;
            String races = System.getProperty(WANTED);
            wanted.addAll(races == null || races.isEmpty() ? List.of() : List.of(races.split(";")));
        }

        private static byte @Nullable [] file(String name) {
            try (InputStream in = ClassLoader.getSystemResourceAsStream(name + ".class")) {
                return in == null ? null : in.readAllBytes();
            } catch (IOException unreadable) {
                return null;
            }
        }

        @Override
        public byte @Nullable [] transform(
                @Nullable ClassLoader loader,
                @Nullable String name,
                @Nullable Class<?> type,
                @Nullable ProtectionDomain domain,
                byte[] bytes) {
            if (name == null || !name.startsWith(prefix) || !weaving || (type == null && !weavesAtLoad)) {
                return null;
            }
            try {
                Probed probed = weaver.weave(bytes);
                return probed == null ? null : probed.bytes();
            } catch (RuntimeException | Error refused) {
                failed.add(name + ": " + refused);
                return null;
            }
        }

        void run(long delayMillis, long seconds) {
            try {
                Thread.sleep(delayMillis);
                List<Class<?>> loaded = new ArrayList<>();
                for (Class<?> type : instrumentation.getAllLoadedClasses()) {
                    if (type.getName().replace('.', '/').startsWith(prefix)
                            && instrumentation.isModifiableClass(type)) {
                        loaded.add(type);
                    }
                }
                if (!weavesAtLoad) {
                    instrumentation.addTransformer(this, true);
                    instrumentation.retransformClasses(loaded.toArray(new Class<?>[0]));
                }
                System.out.println("WOVEN " + loaded.size());
                if (weavesAtLoad) {
                    Traps.arm();
                } else {
                    Traps.armLate();
                }
                long end = System.nanoTime() + seconds * 1_000_000_000L;
                long latest = predicts ? end : end + LONGER_NANOS;
                while (System.nanoTime() < end || (wants() && System.nanoTime() < latest)) {
                    Thread.sleep(2);
                    Traps.tick();
                    tell();
                }
                Traps.Counts counts = Traps.disarm();
                weaving = false;
                instrumentation.retransformClasses(loaded.toArray(new Class<?>[0]));
                tell();
                failed.forEach(line -> System.out.println("NOT WOVEN " + line));
                String stopped = Predictions.stopped();
                System.out.println(stopped == null ? "PREDICTS" : "STOPPED " + stopped);
                System.out.println("COUNTS " + counts.set() + " " + counts.hits() + " " + counts.waitedNanos());
            } catch (Exception | Error fault) {
                System.out.println("FAULT " + fault);
            }
            System.out.flush();
            Runtime.getRuntime().halt(0);
        }

        /** A busy machine makes few traps. */
        private boolean wants() {
            return Traps.counts().set() < ENOUGH_TRAPS || !wanted.isEmpty();
        }

        private void tell() {
            for (Caught each = Traps.poll(); each != null; each = Traps.poll()) {
                String race = line(each);
                System.out.println(race);
                wanted.removeIf(race::contains);
            }
            for (Nesting each = Traps.pollOrder(); each != null; each = Traps.pollOrder()) {
                System.out.println("ORDER " + each.heldAt() + " " + frame(each.stack()) + " " + each.heldId() + " "
                        + each.wantedId() + " " + each.tried() + " gates " + each.gates());
            }
        }

        static String line(Caught each) {
            return (each.predicted() ? "PREDICTED " : "RACE ") + each.target() + " " + each.label()
                    + " " + frame(each.firstStack()) + " "
                    + frame(each.secondStack()) + " " + Integer.toHexString(each.firstUse() >> 12) + " "
                    + Integer.toHexString(each.secondUse() >> 12);
        }

        private static String frame(Throwable stack) {
            for (StackTraceElement each : stack.getStackTrace()) {
                if (!each.getClassName().startsWith("io.lockjam.boot.")) {
                    return each.getClassName() + "." + each.getMethodName() + ":" + each.getLineNumber();
                }
            }
            return "?";
        }
    }
}
