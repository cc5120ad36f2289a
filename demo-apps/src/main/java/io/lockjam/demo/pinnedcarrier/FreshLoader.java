// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo.pinnedcarrier;

import java.io.IOException;
import java.io.InputStream;

/** Defines {@link TariffAtStart} anew each time: a class is initialised once, and the demo wants to see it often. */
final class FreshLoader extends ClassLoader {
    private static final String TARIFF = TariffAtStart.class.getName();

    private FreshLoader() {
        super(null); // nothing of the application but what loadClass says
    }

    static void initialiseTariff() throws ReflectiveOperationException {
        Class.forName(TARIFF, true, new FreshLoader());
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        if (!name.startsWith(FreshLoader.class.getPackageName() + ".")) {
            return FreshLoader.class.getClassLoader().loadClass(name);
        }
        String resource = "/" + name.replace('.', '/') + ".class";
        try (InputStream in = FreshLoader.class.getResourceAsStream(resource)) {
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
