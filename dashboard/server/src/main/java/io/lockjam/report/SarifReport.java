// SPDX-License-Identifier: Apache-2.0
package io.lockjam.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lockjam.finding.Finding;
import io.lockjam.finding.Findings;
import io.lockjam.finding.Kind;
import io.lockjam.finding.Place;
import io.lockjam.finding.Severity;
import io.lockjam.model.Frame;
import java.util.List;

/** Findings as SARIF 2.1.0 (OASIS, 2020), which code scanning services show beside the line. */
final class SarifReport {
    private SarifReport() {}

    static ObjectNode of(Findings findings) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
        root.put("version", "2.1.0");
        ObjectNode run = root.putArray("runs").addObject();
        ObjectNode driver = run.putObject("tool").putObject("driver");
        driver.put("name", "Lockjam");
        ArrayNode rules = driver.putArray("rules");
        List<Kind> kinds =
                findings.found().stream().map(Finding::kind).distinct().sorted().toList();
        for (Kind kind : kinds) {
            ObjectNode rule = rules.addObject().put("id", kind.id());
            rule.putObject("shortDescription").put("text", kind.label());
        }
        ArrayNode results = run.putArray("results");
        findings.found().forEach(finding -> result(results.addObject(), finding, kinds));
        return root;
    }

    private static void result(ObjectNode result, Finding finding, List<Kind> kinds) {
        result.put("ruleId", finding.kind().id());
        result.put("ruleIndex", kinds.indexOf(finding.kind()));
        result.put("level", level(finding.severity()));
        result.putObject("message")
                .put("text", finding.text().what() + " " + finding.text().change());
        result.putObject("partialFingerprints").put("lockjamFinding/v1", finding.id());
        List<Place> where = finding.details().where();
        ArrayNode locations = result.putArray("locations");
        where.stream().limit(1).forEach(place -> location(locations.addObject(), place, -1));
        ArrayNode related = result.putArray("relatedLocations");
        for (int i = 1; i < where.size(); i++) {
            location(related.addObject(), where.get(i), i);
        }
    }

    private static void location(ObjectNode location, Place place, int id) {
        Frame frame = place.frame();
        if (id >= 0) {
            location.put("id", id);
        }
        location.putObject("message").put("text", place.role());
        if (frame.file() != null) {
            ObjectNode physical = location.putObject("physicalLocation");
            physical.putObject("artifactLocation").put("uri", path(frame, frame.file()));
            if (frame.line() > 0) {
                physical.putObject("region").put("startLine", frame.line());
            }
        }
        location.putArray("logicalLocations")
                .addObject()
                .put("fullyQualifiedName", frame.className() + "." + frame.method())
                .put("kind", "function");
    }

    /** The package as folders: all that a class file tells of where its source is. */
    private static String path(Frame frame, String file) {
        int dot = frame.className().lastIndexOf('.');
        return (dot < 0 ? "" : frame.className().substring(0, dot).replace('.', '/') + "/") + file;
    }

    private static String level(Severity severity) {
        return switch (severity) {
            case ERROR -> "error";
            case WARNING -> "warning";
            case INFO -> "note";
        };
    }
}
