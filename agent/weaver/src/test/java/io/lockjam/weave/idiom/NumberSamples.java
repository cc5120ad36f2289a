// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave.idiom;

import java.util.ArrayList;
import java.util.List;

/** Numbers in fields that choose whose turn it is or only count, and such as do more; only read by a test. */
@SuppressWarnings({"unused", "UnusedMethod", "UnusedVariable"})
final class NumberSamples {
    private static final int LIMIT = 5;

    private final String[] array = new String[4];
    private final boolean[] flags = new boolean[1];
    private final ArrayList<String> rows = new ArrayList<>();
    private final List<String> list = List.of("a", "b");

    private int wrapped;
    private long masked;
    private int compared;
    private int chosen;
    private int stored;
    private int polled;
    private int shared;
    private int tooLarge;
    private int flushed;
    private int listed;
    private int limited;
    private int summed;
    private int taken;
    private int back;
    private int reached;
    private int set;
    private int bounded;
    private int sampled;
    private int state;
    private int copied;
    private int last;
    private int marked;
    private int row;
    private int emptied;
    private int warned;
    private int opened;
    private int shut;
    private int raised;
    private int reset;

    String wraps() {
        wrapped = (wrapped + 1) % array.length;
        return array[wrapped];
    }

    String masks() {
        return array[(int) (masked++ & 3)];
    }

    String compares() {
        int at = compared;
        if (at == array.length) {
            at = 0;
            compared = 1;
        } else {
            compared = at + 1;
        }
        return array[at];
    }

    String choosesOne() {
        int at = chosen + 1 < array.length ? chosen + 1 : 0;
        chosen = at;
        return array[at];
    }

    String lists() {
        String found = list.get(Math.floorMod(listed++, list.size()));
        return found.isEmpty() ? "" : found.trim();
    }

    void stores(String text) {
        array[stored++ % array.length] = text;
    }

    String copies() {
        last = copied;
        return array[copied++ % array.length];
    }

    String marks() {
        int at = marked++ % array.length;
        if (at == 0) {
            flags[0] = true;
        }
        return array[at];
    }

    String rows() {
        return rows.get(row++ & 1).trim();
    }

    String polls() {
        int at = polled;
        if (at == array.length) {
            return null;
        }
        polled = at + 1;
        return array[at];
    }

    String shares() {
        return array[shared++ % array.length];
    }

    int sharesMore() {
        return shared;
    }

    String isTooLarge() {
        if (++tooLarge == array.length) {
            tooLarge = 0;
        }
        return array[tooLarge];
    }

    String flushes() {
        int at = flushed++ % array.length;
        if (at == 0) {
            list.clear();
        }
        return array[at];
    }

    boolean limits() {
        return limited++ < LIMIT;
    }

    int limited() {
        return limited;
    }

    void sums(int more) {
        summed += more;
    }

    void forgets() {
        summed = 0;
    }

    void goesOn() {
        if (state < LIMIT) {
            state = LIMIT;
        }
    }

    int state() {
        return state;
    }

    void empties() {
        if (++emptied > LIMIT) {
            emptied = 0;
            list.clear();
        }
    }

    void warns() {
        if (warned++ == 0) {
            list.clear();
        }
    }

    void opens() {
        if (opened++ == 0) {
            list.clear();
        }
    }

    void closes(int less) {
        opened += less;
    }

    void shuts() {
        if (shut++ == 0) {
            list.clear();
        }
    }

    void opensAgain() {
        shut += -1;
    }

    void raises(int more) {
        raised += more;
    }

    boolean isRaised() {
        return raised > 0;
    }

    int takes() {
        return taken++;
    }

    void goesBack() {
        back--;
    }

    void reaches() {
        if (++reached == LIMIT) {
            list.clear();
        }
    }

    void isSet(int value) {
        set = value;
    }

    int set() {
        return set++ > LIMIT ? 0 : 1;
    }

    void resets(int value) {
        reset = value;
    }

    void countsOn() {
        reset++;
    }

    int shows() {
        return reset;
    }

    boolean bounds(int limit) {
        return bounded++ < limit;
    }

    boolean samples() {
        return sampled++ % 10 > LIMIT;
    }
}
