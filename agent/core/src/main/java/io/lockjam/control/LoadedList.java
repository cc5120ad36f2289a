// SPDX-License-Identifier: Apache-2.0
package io.lockjam.control;

import java.util.ArrayList;
import java.util.List;

/**
 * Classes that the application has loaded and a pattern names ({@link Verb#CLASSES}).
 *
 * @param matched how many there are
 * @param classes as many of them as were wanted at most
 */
public record LoadedList(int matched, List<Loaded> classes) {
    public LoadedList {
        classes = List.copyOf(classes);
    }

    /**
     * A class that may be retransformed.
     *
     * @param name with dots
     * @param loader class of its loader, an empty text for the boot loader
     * @param origin where it was loaded from; empty if not known
     */
    public record Loaded(String name, String loader, String origin) {}

    public byte[] write() {
        PayloadWriter out = new PayloadWriter().integer(matched).integer(classes.size());
        for (Loaded each : classes) {
            out.text(each.name()).text(each.loader()).text(each.origin());
        }
        return out.done();
    }

    public static LoadedList read(PayloadReader in) throws ProtocolException {
        int matched = in.integer();
        int count = in.integer();
        List<Loaded> classes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            classes.add(new Loaded(in.text(), in.text(), in.text()));
        }
        return new LoadedList(matched, classes);
    }
}
