// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Loads a library, with its users in {@code io.lockjam.weave.library}, woven as the agent would have it woven. */
final class WeavingLoader extends URLClassLoader {
    private static final String USERS = "io.lockjam.weave.library.";

    final List<String> woven = new ArrayList<>();

    private WeavingLoader(URL[] library) {
        super(library, WeavingLoader.class.getClassLoader());
    }

    /** The library's version on the class path, by one of its classes. */
    static WeavingLoader of(String... types) throws Exception {
        List<URL> urls = new ArrayList<>();
        for (String type : types) {
            urls.add(Class.forName(type, false, WeavingLoader.class.getClassLoader())
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation());
        }
        return new WeavingLoader(urls.toArray(new URL[0]));
    }

    /** Another version of it. */
    static WeavingLoader ofJar(String jar) throws IOException {
        File file = Path.of("target", "libraries", jar).toFile();
        if (!file.exists()) {
            throw new IOException("the build has not put " + file + " there");
        }
        return new WeavingLoader(new URL[] {file.toURI().toURL()});
    }

    Object make(String user, Object... arguments) throws Exception {
        Class<?>[] types = arguments.length == 0 ? new Class<?>[0] : new Class<?>[] {long.class};
        return loadClass(USERS + user).getConstructor(types).newInstance(arguments);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            Class<?> there = findLoadedClass(name);
            return there != null ? there : own(name) ? findClass(name) : super.loadClass(name, resolve);
        }
    }

    private boolean own(String name) {
        return name.startsWith(USERS) || findResource(name.replace('.', '/') + ".class") != null;
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        String internal = name.replace('.', '/');
        try (InputStream in = getResourceAsStream(internal + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] original = in.readAllBytes();
            byte[] after = Weaver.weave(internal, original);
            if (after != null) {
                woven.add(name);
            }
            byte[] bytes = after == null ? original : after;
            return defineClass(name, bytes, 0, bytes.length);
        } catch (IOException unreadable) {
            throw new ClassNotFoundException(name, unreadable);
        }
    }

    @Override
    public URL getResource(String name) {
        URL own = findResource(name);
        return own != null ? own : super.getResource(name);
    }
}
