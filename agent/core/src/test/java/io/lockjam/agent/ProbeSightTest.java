// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.lockjam.boot.LockProbe;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;

class ProbeSightTest {
    /** As woven code does it. */
    public static final class Caller implements Runnable {
        @Override
        public void run() {
            LockProbe.release(this);
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
}
