// SPDX-License-Identifier: Apache-2.0
package io.lockjam.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lockjam.finding.Finding;
import io.lockjam.finding.Findings;
import io.lockjam.finding.Place;
import io.lockjam.finding.Text;
import io.lockjam.finding.Verdict;
import java.util.List;
import java.util.Locale;

/** A report as Markdown, for a pull request or an issue. */
final class MarkdownReport {
    private static final int ROWS = 20;

    private final ObjectNode tree;
    private final Findings findings;
    private final StringBuilder text = new StringBuilder();

    MarkdownReport(ObjectNode tree, Findings findings) {
        this.tree = tree;
        this.findings = findings;
    }

    String text() {
        JsonNode target = tree.path("target");
        line("# Lockjam report");
        line("");
        line("%s (pid %s, JDK %s), %s to %s, %.1f s; agent %.2f %% of a core, %d events dropped"
                .formatted(
                        escaped(target.path("mainClass").asText()),
                        target.path("pid").asText(),
                        escaped(target.path("jdk").asText()),
                        tree.path("window").path("from").asText(),
                        tree.path("window").path("to").asText(),
                        tree.path("window").path("seconds").asDouble(),
                        100 * tree.path("cost").path("agentCpuShare").asDouble(),
                        tree.path("cost").path("droppedEvents").asLong()));
        line("");
        line("## Findings");
        line("");
        if (findings.found().isEmpty()) {
            line("None.");
            line("");
        }
        findings.found().forEach(this::finding);
        notJudged(findings.unknown());
        table(
                "Locks",
                tree.path("locks"),
                List.of("name", "kind", "contentions", "waitTotal", "waitP50", "waitP99", "waitMax"));
        table(
                "Queues",
                tree.path("queues"),
                List.of("name", "capacity", "depthMean", "depthMax", "putWait", "takeWait"));
        table(
                "Pools",
                tree.path("pools"),
                List.of(
                        "name",
                        "size",
                        "maxSize",
                        "busyMean",
                        "queueDepthMean",
                        "arrivalsPerSecond",
                        "serviceMeanMs",
                        "rejected"));
        return text.toString();
    }

    private void finding(Finding finding) {
        Text says = finding.text();
        line("### " + finding.severity().id().toUpperCase(Locale.ROOT) + " "
                + finding.kind().id() + ": " + escaped(says.what()));
        line("");
        line("- **Why:** " + escaped(says.why()));
        line("- **Cost:** " + escaped(says.cost()));
        line("- **Change:** " + escaped(says.change()));
        line("- **Expect:** " + escaped(says.expect()));
        for (Place place : finding.details().where()) {
            line("- " + place.role() + ": `" + place.frame().className() + "."
                    + place.frame().method() + "` " + escaped(place.frame().display()));
        }
        line("- **Certainty:** " + escaped(says.certainty()));
        line("- **Threshold:** " + escaped(says.threshold()) + " (id " + finding.id() + ")");
        line("");
    }

    private void notJudged(List<Verdict.NotEnoughData> unknown) {
        if (!unknown.isEmpty()) {
            line("## Not judged");
            line("");
            unknown.forEach(each -> line("- " + each.kind().id() + ": " + escaped(each.missing())));
            line("");
        }
    }

    private void table(String title, JsonNode rows, List<String> columns) {
        if (rows.isEmpty()) {
            return;
        }
        line("## " + title);
        line("");
        line("| " + String.join(" | ", columns) + " |");
        line("|" + " --- |".repeat(columns.size()));
        int shown = Math.min(ROWS, rows.size());
        for (int i = 0; i < shown; i++) {
            JsonNode row = rows.get(i);
            line("| "
                    + String.join(
                            " | ",
                            columns.stream()
                                    .map(column -> cell(column, row.path(column)))
                                    .toList()) + " |");
        }
        if (rows.size() > shown) {
            line("");
            line((rows.size() - shown) + " more in the JSON report.");
        }
        line("");
    }

    /** Times in milliseconds, other numbers with at most two decimals. */
    static String cell(String column, JsonNode value) {
        if (value.isNull() || value.isMissingNode()) {
            return "–";
        }
        boolean nanos = column.startsWith("wait") || column.endsWith("Wait");
        if (nanos) {
            return String.format(Locale.ROOT, "%.1f ms", value.asDouble() / 1e6);
        }
        return value.isDouble() ? String.format(Locale.ROOT, "%.2f", value.asDouble()) : escaped(value.asText());
    }

    private void line(String line) {
        text.append(line).append('\n');
    }

    /** Names come from the application; they must not become markup. */
    static String escaped(String raw) {
        StringBuilder safe = new StringBuilder();
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if ("\\`*_[]<>|#".indexOf(c) >= 0) {
                safe.append('\\');
            }
            safe.append(c < ' ' ? ' ' : c);
        }
        return safe.toString();
    }
}
