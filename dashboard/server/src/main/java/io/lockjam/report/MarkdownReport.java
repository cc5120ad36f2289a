// SPDX-License-Identifier: Apache-2.0
package io.lockjam.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lockjam.finding.Finding;
import io.lockjam.finding.Findings;
import io.lockjam.finding.Place;
import io.lockjam.finding.Text;
import io.lockjam.finding.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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
                        MarkdownText.of(target.path("mainClass").asText()),
                        target.path("pid").asText(),
                        MarkdownText.of(target.path("jdk").asText()),
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
        table(ReportTable.LOCKS);
        table(ReportTable.QUEUES);
        table(ReportTable.POOLS);
        return text.toString();
    }

    private void finding(Finding finding) {
        Text says = finding.text();
        line("### " + finding.severity().id().toUpperCase(Locale.ROOT) + " "
                + finding.kind().id() + ": " + MarkdownText.of(says.what()));
        line("");
        line("- **Why:** " + MarkdownText.of(says.why()));
        line("- **Cost:** " + MarkdownText.of(says.cost()));
        line("- **Change:** " + MarkdownText.of(says.change()));
        line("- **Expect:** " + MarkdownText.of(says.expect()));
        finding.details().where().stream()
                .map(MarkdownReport::place)
                .distinct() // several stacks may lead to one line
                .forEach(this::line);
        line("- **Certainty:** " + MarkdownText.of(says.certainty()));
        line("- **Threshold:** " + MarkdownText.of(says.threshold()) + " (id " + finding.id() + ")");
        line("");
    }

    private static String place(Place place) {
        return "- " + place.role() + ": "
                + MarkdownText.code(
                        place.frame().className() + "." + place.frame().method())
                + " " + MarkdownText.of(place.frame().display());
    }

    private void notJudged(List<Verdict.NotEnoughData> unknown) {
        if (!unknown.isEmpty()) {
            line("## Not judged");
            line("");
            Map<String, List<String>> byReason = new LinkedHashMap<>();
            for (Verdict.NotEnoughData each : unknown) {
                byReason.computeIfAbsent(each.missing(), reason -> new ArrayList<>())
                        .add(each.kind().id());
            }
            byReason.forEach((reason, kinds) -> line("- " + String.join(", ", kinds) + ": " + MarkdownText.of(reason)));
            line("");
        }
    }

    private void table(ReportTable table) {
        JsonNode rows = tree.path(table.field());
        if (rows.isEmpty()) {
            return;
        }
        line("## " + table.title());
        line("");
        line(row(table.columns().stream().map(ReportTable.Column::head)));
        line(row(table.columns().stream().map(column -> column.isText() ? "---" : "---:")));
        int shown = Math.min(ROWS, rows.size());
        for (int i = 0; i < shown; i++) {
            JsonNode row = rows.get(i);
            line(row(table.columns().stream().map(column -> MarkdownText.cell(column.cell(row)))));
        }
        if (rows.size() > shown) {
            line("");
            line((rows.size() - shown) + " more in the JSON report.");
        }
        line("");
    }

    private static String row(Stream<String> cells) {
        return "| " + cells.collect(Collectors.joining(" | ")) + " |";
    }

    private void line(String line) {
        text.append(line).append('\n');
    }
}
