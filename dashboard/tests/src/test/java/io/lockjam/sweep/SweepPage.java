// SPDX-License-Identifier: Apache-2.0
package io.lockjam.sweep;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** The results of a sweep as a table in Markdown and a plot in SVG. */
final class SweepPage {
    private static final double COMPARED_UP_TO = 0.9;
    private static final int WIDTH = 400;
    private static final int HEIGHT = 220;
    private static final int MARGIN = 45;

    private SweepPage() {}

    static String table(List<SweepArm.Outcome> outcomes) {
        StringBuilder page = new StringBuilder("""
                | work, arrivals | recommended | fewest for 95 % | ratio | throughput at recommended | predicted ÷ measured wait, utilisation to 0.9 |
                | --- | --- | --- | --- | --- | --- |
                """);
        for (SweepArm.Outcome each : outcomes) {
            page.append(format(
                    "| %s, %s | %d | %d | %.2f | %.1f %% of the best | %s |%n",
                    each.arm().work(),
                    each.arm().arrivals(),
                    each.recommended(),
                    each.fewest(),
                    (double) each.recommended() / Math.max(1, each.fewest()),
                    100 * each.atRecommended() / each.best(),
                    ratios(each)));
        }
        page.append("\n| work, arrivals | threads | tasks/s | utilisation | wait predicted | wait measured | ratio |\n")
                .append("| --- | --- | --- | --- | --- | --- | --- |\n");
        for (SweepArm.Outcome each : outcomes) {
            for (SweepArm.Point point : bySize(each)) {
                page.append(format(
                        "| %s, %s | %d | %.0f | %.2f | %s | %.2f ms | %s |%n",
                        each.arm().work(),
                        each.arm().arrivals(),
                        point.size(),
                        point.tasksPerSecond(),
                        point.utilisation(),
                        Double.isInfinite(point.predictedMillis())
                                ? "grows"
                                : format("%.2f ms", point.predictedMillis()),
                        point.waitMillis(),
                        Double.isInfinite(point.predictedMillis()) ? "" : format("%.2f", point.ratio())));
            }
        }
        return page.toString();
    }

    private static String ratios(SweepArm.Outcome outcome) {
        List<Double> ratios = outcome.points().stream()
                .filter(point -> point.utilisation() <= COMPARED_UP_TO && Double.isFinite(point.predictedMillis()))
                .map(SweepArm.Point::ratio)
                .sorted()
                .toList();
        return ratios.isEmpty()
                ? "none below 0.9"
                : format("%.2f to %.2f", ratios.get(0), ratios.get(ratios.size() - 1));
    }

    private static List<SweepArm.Point> bySize(SweepArm.Outcome outcome) {
        return outcome.points().stream()
                .sorted(Comparator.comparing(SweepArm.Point::size))
                .toList();
    }

    /** One panel for each arm: mean wait over threads on a logarithmic scale; dots measured, a line predicted. */
    static String plot(List<SweepArm.Outcome> outcomes) {
        int rows = (outcomes.size() + 1) / 2;
        StringBuilder svg = new StringBuilder(format(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\""
                        + " font-size=\"11\"><rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>%n",
                2 * WIDTH, rows * HEIGHT));
        for (int i = 0; i < outcomes.size(); i++) {
            svg.append(format("<g transform=\"translate(%d,%d)\">%n", i % 2 * WIDTH, i / 2 * HEIGHT));
            panel(svg, outcomes.get(i));
            svg.append("</g>\n");
        }
        return svg.append("</svg>\n").toString();
    }

    private static void panel(StringBuilder svg, SweepArm.Outcome outcome) {
        List<SweepArm.Point> points = bySize(outcome);
        int most = points.get(points.size() - 1).size();
        svg.append(format(
                "<text x=\"%d\" y=\"14\">%s, %s: mean queue wait, ms, by threads</text>%n",
                MARGIN, outcome.arm().work(), outcome.arm().arrivals()));
        for (double tick = 0.01; tick <= 10_000; tick *= 10) {
            svg.append(format(
                    "<path d=\"M%d %.1fH%d\" stroke=\"#ddd\"/><text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>%n",
                    MARGIN,
                    y(tick),
                    WIDTH - 10,
                    MARGIN - 4,
                    y(tick) + 4,
                    tick < 1 ? format("%.2f", tick) : format("%.0f", tick)));
        }
        StringBuilder line = new StringBuilder();
        for (SweepArm.Point point : points) {
            double x = x(point.size(), most);
            if (Double.isFinite(point.predictedMillis())) {
                line.append(format("%s%.1f %.1f", line.length() == 0 ? "M" : "L", x, y(point.predictedMillis())));
            }
            svg.append(
                    format("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"#1769aa\"/>%n", x, y(point.waitMillis())));
            svg.append(format(
                    "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%d</text>%n", x, HEIGHT - 8, point.size()));
        }
        double recommended = x(outcome.recommended(), most);
        svg.append(format("<path d=\"%s\" fill=\"none\" stroke=\"#c4450c\" stroke-width=\"1.5\"/>%n", line))
                .append(format(
                        "<path d=\"M%.1f 24V%d\" stroke=\"#2e7d32\" stroke-dasharray=\"4 3\"/>%n",
                        recommended, HEIGHT - 22));
    }

    private static double x(int size, int most) {
        return MARGIN + 10 + (WIDTH - MARGIN - 30) * Math.log(size) / Math.log(most);
    }

    /** Six decades. */
    private static double y(double millis) {
        double decades = Math.log10(Math.max(0.01, millis)) + 2;
        return HEIGHT - 24 - decades / 6 * (HEIGHT - 48);
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern.replace("%n", "\n"), values);
    }
}
