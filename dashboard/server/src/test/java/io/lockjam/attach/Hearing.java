// SPDX-License-Identifier: Apache-2.0
package io.lockjam.attach;

import io.lockjam.control.FactRow;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;

/** Keeps what it hears. */
final class Hearing implements AttachListener {
    final BlockingQueue<End> ends = new LinkedBlockingQueue<>();
    final List<String> warnings = new CopyOnWriteArrayList<>();
    final List<FactRow> facts = new CopyOnWriteArrayList<>();

    @Override
    public void stage(Stage stage) {}

    @Override
    public void warn(String sentence) {
        warnings.add(sentence);
        System.err.println(sentence);
    }

    @Override
    public void facts(List<FactRow> rows) {
        facts.addAll(rows);
    }

    @Override
    public void ended(End end) {
        ends.add(end);
    }
}
