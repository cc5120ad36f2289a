// SPDX-License-Identifier: Apache-2.0
package io.lockjam.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lockjam.finding.Finding;
import io.lockjam.finding.Findings;
import io.lockjam.finding.Place;
import io.lockjam.finding.Text;
import io.lockjam.model.Frame;
import java.util.List;

/** A report as one HTML page without a script and without other files; colours as in the dashboard, light and dark. */
final class HtmlReport {
    private static final int FRAMES = 30;
    private static final String STYLE = """
            :root { color-scheme: light dark; --ink: #1c232b; --soft: #55616d; --paper: #fff; --line: #d5dce3; --bad: #b3261e; --warn: #9a5b00; --note: #38548f; }
            @media (prefers-color-scheme: dark) {
              :root { --ink: #e4e9ee; --soft: #9fabb7; --paper: #14191f; --line: #2f3842; --bad: #ff8a80; --warn: #f0c551; --note: #9db9ea; }
            }
            body { font: 14px/1.5 Inter, system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
            h2 { margin-top: 2rem; } .soft { color: var(--soft); }
            article { border: 1px solid var(--line); border-radius: 8px; padding: 0 16px 12px; margin: 12px 0; }
            .error { color: var(--bad); } .warning { color: var(--warn); } .info { color: var(--note); }
            dt { font-weight: 600; float: left; clear: left; width: 6rem; } dd { margin: 0 0 4px 6.5rem; }
            pre { overflow-x: auto; font: 12px/1.45 "JetBrains Mono", ui-monospace, monospace; }
            .scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
            th, td { text-align: left; padding: 4px 12px 4px 0; border-bottom: 1px solid var(--line); } .number { text-align: right; white-space: nowrap; }
            """;

    private final ObjectNode tree;
    private final Findings findings;
    private final StringBuilder text = new StringBuilder();

    HtmlReport(ObjectNode tree, Findings findings) {
        this.tree = tree;
        this.findings = findings;
    }

    String text() {
        JsonNode target = tree.path("target");
        String title = "Lockjam report: " + target.path("mainClass").asText() + " "
                + target.path("pid").asText();
        text.append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
                .append("<meta name=\"viewport\" content=\"width=device-width\"><title>")
                .append(escaped(title))
                .append("</title><style>\n")
                .append(STYLE)
                .append("</style></head><body><main>\n<h1>")
                .append(escaped(title))
                .append("</h1>\n<p class=\"soft\">");
        text.append(escaped("JDK %s, %s to %s (%.1f s); agent %.2f %% of a core, %d events dropped"
                        .formatted(
                                target.path("jdk").asText(),
                                tree.path("window").path("from").asText(),
                                tree.path("window").path("to").asText(),
                                tree.path("window").path("seconds").asDouble(),
                                100 * tree.path("cost").path("agentCpuShare").asDouble(),
                                tree.path("cost").path("droppedEvents").asLong())))
                .append("</p>\n<h2>Findings</h2>\n");
        if (findings.found().isEmpty()) {
            text.append("<p>None.</p>\n");
        }
        findings.found().forEach(this::finding);
        table(ReportTable.LOCKS);
        table(ReportTable.QUEUES);
        table(ReportTable.POOLS);
        table(ReportTable.THREADS);
        return text.append("</main></body></html>\n").toString();
    }

    private void finding(Finding finding) {
        Text says = finding.text();
        String severity = finding.severity().id();
        text.append("<article id=\"")
                .append(finding.id())
                .append("\"><h3><span class=\"")
                .append(severity)
                .append("\">");
        text.append(severity)
                .append(" · ")
                .append(escaped(finding.kind().label()))
                .append("</span><br>");
        text.append(escaped(says.what())).append("</h3>\n<dl>");
        part("Why", says.why());
        part("Cost", says.cost());
        part("Change", says.change());
        part("Expect", says.expect());
        part("Certainty", says.certainty());
        part("Threshold", says.threshold());
        text.append("</dl>\n");
        for (Place place : finding.details().where()) {
            text.append("<details><summary>")
                    .append(escaped(place.role() + ": " + place.frame().display()))
                    .append("</summary><pre>");
            List<Frame> frames = place.stack().isEmpty()
                    ? List.of(place.frame())
                    : place.stack().shown();
            frames.stream()
                    .limit(FRAMES)
                    .forEach(frame -> text.append(escaped(frame.display())).append('\n'));
            text.append("</pre></details>\n");
        }
        text.append("</article>\n");
    }

    private void part(String name, String value) {
        text.append("<dt>")
                .append(name)
                .append("</dt><dd>")
                .append(escaped(value))
                .append("</dd>");
    }

    private void table(ReportTable table) {
        JsonNode rows = tree.path(table.field());
        if (rows.isEmpty()) {
            return;
        }
        text.append("<h2>")
                .append(table.title())
                .append("</h2>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"")
                .append(table.title())
                .append("\"><table><thead><tr>");
        for (ReportTable.Column column : table.columns()) {
            text.append("<th scope=\"col\"")
                    .append(column.isText() ? ">" : " class=\"number\">")
                    .append(column.head())
                    .append("</th>");
        }
        text.append("</tr></thead><tbody>\n");
        for (JsonNode row : rows) {
            text.append("<tr>");
            for (ReportTable.Column column : table.columns()) {
                text.append(column.isText() ? "<td>" : "<td class=\"number\">")
                        .append(escaped(column.cell(row)))
                        .append("</td>");
            }
            text.append("</tr>\n");
        }
        text.append("</tbody></table></div>\n");
    }

    private static String escaped(String raw) {
        return raw.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
