// SPDX-License-Identifier: Apache-2.0
package io.lockjam.cli;

import io.lockjam.model.Fact;
import io.lockjam.model.Frame;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Waited microseconds by stack; frames run from the outermost to what was waited for. */
final class StackSums {
    /** More distinct stacks than that are summed as one, so that a hostile recording cannot fill the memory. */
    private static final int MOST = 200_000;

    private static final List<String> REST = List.of("[other stacks]");

    private final Map<List<String>, Long> micros = new LinkedHashMap<>();

    void add(Fact fact) {
        if (!(fact instanceof Fact.WaitEnded wait)) {
            return;
        }
        List<String> frames = new ArrayList<>();
        frames.add(WaitExport.leaf(wait));
        for (Frame frame : wait.stack().shown()) {
            frames.add(WaitExport.frame(frame));
        }
        frames.add(wait.waiter().group().replace(';', ',').replaceAll("\\s", "_"));
        Collections.reverse(frames);
        List<String> key = micros.size() < MOST || micros.containsKey(frames) ? frames : REST;
        micros.merge(key, wait.waited().toNanos() / 1_000 * wait.weight(), Long::sum);
    }

    Map<List<String>, Long> micros() {
        return micros;
    }
}
