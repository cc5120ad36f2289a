// SPDX-License-Identifier: Apache-2.0
package io.lockjam.race;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Frame;
import io.lockjam.model.LockRef;
import io.lockjam.model.Stack;
import io.lockjam.model.WaitKind;
import io.lockjam.name.LockNamer;
import io.lockjam.weave.FieldProbeWeaver;
import io.lockjam.weave.Probed;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Names of locks whose classes run with probes inside, while the namer reads their original files. */
class ProbedNamesTest {
    private static final String STOCK = Stock.class.getName();
    private static final LockRef LOCK = new LockRef(ReentrantLock.class.getName(), "1");
    private static final Frame IN_JDK =
            new Frame(ReentrantLock.class.getName(), "lock", "()V", "ReentrantLock.java", 322, 4);

    /** The stack of who asked last. */
    private static List<StackWalker.StackFrame> seen = List.of();

    @Test
    void namesTheLockOfAClassWhileAWindowIsOpenOnIt() throws Exception {
        byte[] original = Objects.requireNonNull(bytes(STOCK));
        Probed probed = Objects.requireNonNull(
                new FieldProbeWeaver(internal -> bytes(internal.replace('/', '.'))).weave(original));
        Runnable stock = (Runnable)
                new Defining(probed.bytes()).define().getDeclaredConstructor().newInstance();

        stock.run();

        LockNamer namer = new LockNamer(ProbedNamesTest::bytes, STOCK::equals, name -> {});
        assertThat(namer.name(asSeen(), LOCK, WaitKind.LOCK)).isEqualTo(STOCK + ".stockLock");
        assertThat(new LockNamer(ProbedNamesTest::bytes).name(asSeen(), LOCK, WaitKind.LOCK))
                .isEqualTo(STOCK + ".stockLock");
    }

    private static Stack asSeen() {
        List<Frame> frames = new ArrayList<>(List.of(IN_JDK));
        for (StackWalker.StackFrame frame : seen) {
            frames.add(new Frame(
                    frame.getClassName(),
                    frame.getMethodName(),
                    frame.getDescriptor(),
                    frame.getFileName(),
                    frame.getLineNumber(),
                    frame.getByteCodeIndex()));
        }
        return new Stack(frames);
    }

    private static byte @Nullable [] bytes(String className) {
        try (InputStream in = ProbedNamesTest.class.getResourceAsStream("/" + className.replace('.', '/') + ".class")) {
            return in == null ? null : in.readAllBytes();
        } catch (IOException unreadable) {
            return null;
        }
    }

    /** Takes its lock through a parameter, between fields that are probed. */
    public static final class Stock implements Runnable {
        private final Noting stockLock = new Noting();
        private final Noting shelfLock = new Noting();
        private int taken;

        public Stock() {}

        @Override
        public void run() {
            sell(taken % 2 == 0 ? 1 : 2);
        }

        private void sell(int amount) {
            taken += amount;
            if (taken > 0) {
                sell(stockLock, amount);
            } else {
                sell(shelfLock, amount);
            }
        }

        private void sell(ReentrantLock lock, int amount) {
            taken += amount;
            lock.lock();
        }
    }

    /** Notes the stack of whoever asks for it. */
    public static final class Noting extends ReentrantLock {
        private static final long serialVersionUID = 1L;

        public Noting() {}

        @Override
        public void lock() {
            seen = StackWalker.getInstance().walk(frames -> frames.skip(1).toList());
        }
    }

    /** Defines the woven class in place of the one on the class path. */
    private static final class Defining extends ClassLoader {
        private final byte[] woven;

        Defining(byte[] woven) {
            super(ProbedNamesTest.class.getClassLoader());
            this.woven = woven;
        }

        Class<?> define() {
            return defineClass(STOCK, woven, 0, woven.length);
        }
    }
}
