// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave.idiom;

import java.util.ArrayList;
import java.util.List;

/** Reads statics of a class that nobody has used before. */
public final class InitialisedLate implements Runnable {
    @Override
    public void run() {
        if (Table.size == 0 || Table.entries.isEmpty()) {
            throw new IllegalStateException();
        }
    }

    private static final class Table {
        static int size;
        static List<Integer> entries;

        static {
            fill();
        }

        private static void fill() {
            entries = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                entries.add(i);
                size = size + 1;
            }
        }
    }
}
