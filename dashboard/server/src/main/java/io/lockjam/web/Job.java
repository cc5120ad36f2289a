// SPDX-License-Identifier: Apache-2.0
package io.lockjam.web;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;

/** Long work on a target, such as the reading of a recording: pages show how far it is, and may end it. Safe for threads. */
public final class Job {
    private final String says;
    private final Runnable cancel;
    private final long beganNanos = System.nanoTime();
    private volatile long done;
    private volatile long total;

    /**
     * @param says what is done, without a full stop
     * @param cancel ends it; what was done until then stays
     */
    public Job(String says, Runnable cancel) {
        this.says = says;
        this.cancel = cancel;
    }

    /** How far it is, in bytes; a total of 0 is not known yet. */
    public void at(long bytesDone, long bytesTotal) {
        done = bytesDone;
        total = bytesTotal;
    }

    void cancel() {
        cancel.run();
    }

    /** Whole seconds: it is told again whenever it changes. */
    ObjectNode shape() {
        return Shapes.object()
                .put("text", says)
                .put("doneBytes", done)
                .put("totalBytes", total)
                .put("seconds", Duration.ofNanos(System.nanoTime() - beganNanos).toSeconds());
    }
}
