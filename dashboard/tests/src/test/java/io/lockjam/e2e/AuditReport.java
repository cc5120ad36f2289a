// SPDX-License-Identifier: Apache-2.0
package io.lockjam.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What {@code lockjam audit --json -} printed. */
record AuditReport(JsonNode root) {
    static AuditReport parse(String json) {
        try {
            AuditReport report = new AuditReport(new ObjectMapper().readTree(json));
            report.root.path("notJudged").forEach(AuditReport::refuseFault);
            return report;
        } catch (IOException e) {
            throw new UncheckedIOException("not a report: " + json, e);
        }
    }

    /** A rule that fails would look like one that has found nothing. */
    private static void refuseFault(JsonNode notJudged) {
        if (notJudged.path("missing").asText().contains("a fault of Lockjam")) {
            throw new AssertionError(notJudged.toString());
        }
    }

    Set<String> kinds() {
        Set<String> kinds = new TreeSet<>();
        findings().forEach(finding -> kinds.add(finding.path("kind").asText()));
        return kinds;
    }

    List<JsonNode> findings() {
        List<JsonNode> findings = new ArrayList<>();
        root.path("findings").forEach(findings::add);
        return findings;
    }

    /** One line a finding, for the message of a failed test. */
    String summary() {
        StringBuilder summary = new StringBuilder();
        for (JsonNode finding : findings()) {
            summary.append(finding.path("severity").asText())
                    .append(' ')
                    .append(finding.path("kind").asText())
                    .append(": ")
                    .append(finding.path("title").asText())
                    .append('\n');
        }
        return summary.isEmpty() ? "no findings" : summary.toString();
    }
}
