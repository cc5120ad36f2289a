// SPDX-License-Identifier: Apache-2.0
package io.lockjam.cli;

import io.lockjam.model.Fact;
import java.io.IOException;
import java.io.Writer;
import java.util.List;
import java.util.Map;

/** One line for each stack: frames separated by semicolons, a blank, microseconds waited. */
final class CollapsedExport implements WaitExport {
    private final Writer out;
    private final StackSums sums = new StackSums();

    CollapsedExport(Writer out) {
        this.out = out;
    }

    @Override
    public void accept(Fact fact) {
        sums.add(fact);
    }

    @Override
    public void finish() throws IOException {
        for (Map.Entry<List<String>, Long> each : sums.micros().entrySet()) {
            out.write(String.join(";", each.getKey()) + " " + each.getValue() + "\n");
        }
        out.flush();
    }
}
