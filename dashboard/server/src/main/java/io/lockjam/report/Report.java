// SPDX-License-Identifier: Apache-2.0
package io.lockjam.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lockjam.finding.Finding;
import io.lockjam.finding.Findings;
import io.lockjam.window.Session;
import java.util.List;

/** One range of a session, ready to be written: {@code lockjam-report/1} and what is made from it. */
public final class Report {
    private Report() {}

    /** @param attachMs milliseconds the attach took; -1 if there was none */
    public static Report of(Session session, Findings findings, long attachMs) {
        throw new UnsupportedOperationException();
    }

    public List<Finding> findings() {
        throw new UnsupportedOperationException();
    }
    /** The object of CONTRACT.md. */
    public ObjectNode tree() {
        throw new UnsupportedOperationException();
    }

    public String json() {
        throw new UnsupportedOperationException();
    }

    public String markdown() {
        throw new UnsupportedOperationException();
    }

    public String html() {
        throw new UnsupportedOperationException();
    }

    public String sarif() {
        throw new UnsupportedOperationException();
    }
}
