// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.lockjam.boot.Crossing;
import io.lockjam.boot.LockProbe;
import io.lockjam.boot.Order;
import io.lockjam.boot.Predict;
import io.lockjam.boot.Probe;
import io.lockjam.boot.References;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProbeSightTest {
    /** As woven code does it. */
    public static final class Caller implements Runnable {
        @Override
        public void run() {
            LockProbe.release(this);
        }
    }

    /** Hides one class of the hooks. */
    private static final class Hiding extends ClassLoader {
        private final String hidden;

        Hiding(String hidden) {
            super(ProbeSightTest.class.getClassLoader());
            this.hidden = hidden;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.equals(hidden)) {
                throw new ClassNotFoundException(name);
            }
            return super.loadClass(name, resolve);
        }
    }

    /** Has a copy of {@link Caller}; shows the hooks to nobody, or to all but its own class, as Felix does. */
    private static final class Filter extends ClassLoader {
        private final boolean closed;

        Filter(boolean closed) {
            super(ProbeSightTest.class.getClassLoader());
            this.closed = closed;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("io.lockjam.boot.") && (closed || asksItself())) {
                throw new ClassNotFoundException(name);
            }
            return name.equals(Caller.class.getName()) ? copy() : super.loadClass(name, resolve);
        }

        private boolean asksItself() {
            return StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE)
                    .walk(frames ->
                            frames.anyMatch(frame -> frame.getDeclaringClass().getClassLoader() == this));
        }

        private Class<?> copy() throws ClassNotFoundException {
            Class<?> there = findLoadedClass(Caller.class.getName());
            if (there != null) {
                return there;
            }
            try (InputStream in = Caller.class.getResourceAsStream("ProbeSightTest$Caller.class")) {
                byte[] bytes = in == null ? new byte[0] : in.readAllBytes();
                return defineClass(Caller.class.getName(), bytes, 0, bytes.length);
            } catch (IOException unreadable) {
                throw new ClassNotFoundException(Caller.class.getName(), unreadable);
            }
        }
    }

    @Test
    void whatALoaderShowsToUsItsClassesCanCall() throws Exception {
        Filter loader = new Filter(false);
        assertThat(new ProbeSight().of(loader)).isTrue();

        Runnable caller = Class.forName(Caller.class.getName(), true, loader)
                .asSubclass(Runnable.class)
                .getConstructor()
                .newInstance();
        assertThatCode(caller::run).doesNotThrowAnyException();
    }

    @Test
    void aLoaderThatShowsThemToNobodyGetsNoProbes() {
        assertThat(new ProbeSight().of(new Filter(true))).isFalse();
        assertThat(new ProbeSight().of(null)).isFalse();
    }

    @Test
    void eachClassThatWovenCodeCallsIsAskedFor() {
        for (Class<?> each :
                List.of(Probe.class, Predict.class, LockProbe.class, Order.class, Crossing.class, References.class)) {
            assertThat(new ProbeSight().of(new Hiding(each.getName())))
                    .as(each.getName())
                    .isFalse();
        }
        assertThat(new ProbeSight().of(new Hiding("com.acme.Other"))).isTrue();
    }
}
