// SPDX-License-Identifier: Apache-2.0
package io.lockjam.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lockjam.finding.Finding;
import io.lockjam.window.LockWindow;
import io.lockjam.window.PoolWindow;
import io.lockjam.window.QueueWindow;
import io.lockjam.window.ThreadWindow;

/** The JSON objects of {@code lockjam-report/1}, one method each; the HTTP API serves the same ones. */
public final class ReportShapes {
    private ReportShapes() {}

    public static ObjectNode finding(Finding finding) {
        throw new UnsupportedOperationException();
    }

    public static ObjectNode lock(LockWindow lock) {
        throw new UnsupportedOperationException();
    }

    public static ObjectNode queue(QueueWindow queue) {
        throw new UnsupportedOperationException();
    }

    public static ObjectNode pool(PoolWindow pool, double cores) {
        throw new UnsupportedOperationException();
    }

    public static ObjectNode thread(ThreadWindow thread) {
        throw new UnsupportedOperationException();
    }
}
