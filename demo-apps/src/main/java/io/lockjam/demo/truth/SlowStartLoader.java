// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo.truth;

import java.io.IOException;
import java.io.InputStream;

/** Defines {@link SlowStart} once more: each class is initialised once. */
final class SlowStartLoader extends ClassLoader {
    SlowStartLoader() {
        super(null); // so that it does not find the class of the application's loader
    }

    /** Defines the class and leaves it uninitialised. */
    void load() throws ClassNotFoundException {
        Class.forName(SlowStart.class.getName(), false, this);
    }

    /** Initialises the class, or waits for the thread that does. */
    void initialise() throws ClassNotFoundException {
        Class.forName(SlowStart.class.getName(), true, this);
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        try (InputStream in = SlowStartLoader.class.getResourceAsStream("/" + name.replace('.', '/') + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] bytes = in.readAllBytes();
            return defineClass(name, bytes, 0, bytes.length);
        } catch (IOException unreadable) {
            throw new ClassNotFoundException(name, unreadable);
        }
    }
}
