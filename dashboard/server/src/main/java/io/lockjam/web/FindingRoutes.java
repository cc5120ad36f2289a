// SPDX-License-Identifier: Apache-2.0
package io.lockjam.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.lockjam.finding.Finding;
import io.lockjam.finding.LiveFindings.Tracked;
import io.lockjam.finding.Text;
import io.lockjam.report.ReportShapes;
import io.lockjam.window.Wait;
import io.lockjam.window.WaitQuery;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/** Findings: the list, one with its evidence, and muting. */
final class FindingRoutes {
    private static final int MOST_WAITS = 200;
    private static final Duration SHORTEST_WAIT = Duration.ofMillis(1);
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final AtomicLong CHANGES = new AtomicLong();
    private static final MuteReasons REASONS = new MuteReasons();

    private FindingRoutes() {}

    /** Counts what users changed. */
    static long changes() {
        return CHANGES.get();
    }

    static ObjectNode list(Context context, Query query) {
        ObjectNode node = Shapes.object();
        node.set("findings", Shapes.array(in(query), FindingRoutes::shape));
        return node;
    }

    /** Those that were open at some time of the range. A recording is judged once, at its end: what was found holds for all that was measured. */
    static List<Tracked> in(Query query) {
        return query.readings().findings().stream()
                .filter(tracked -> begin(tracked).isBefore(query.range().to())
                        && !tracked.lastSeen().isBefore(query.range().from()))
                .toList();
    }

    private static Instant begin(Tracked tracked) {
        Instant measured = tracked.finding().details().range().from();
        return measured.isBefore(tracked.firstSeen()) ? measured : tracked.firstSeen();
    }

    private static Tracked find(Query query, String id) {
        return query.readings().findings().stream()
                .filter(each -> each.id().equals(id))
                .findFirst()
                .orElseThrow(() -> Refusal.notFound("There is no finding " + id + " in what is kept of this target."));
    }

    /** Names of the threads in a finding. */
    static Set<String> threads(Query query, String id) {
        return Set.copyOf(find(query, id).finding().details().threads());
    }

    static ObjectNode one(Context context, Query query) {
        String id = context.pathParam("id");
        Tracked tracked = find(query, id);
        ObjectNode node = shape(tracked);
        Finding finding = tracked.finding();
        node.set("places", Shapes.array(finding.details().where(), place -> {
            ObjectNode shape = Shapes.object().put("role", place.role());
            shape.set("frame", Shapes.frame(place.frame()));
            shape.set("stack", Shapes.stack(place.stack()));
            return shape;
        }));
        node.set("measured", Shapes.range(finding.details().range()));
        String subject = query.readings().lockId(finding.subject().windowId());
        if (!subject.isEmpty()) {
            query.readings().locks(query.range()).stream()
                    .filter(lock -> lock.id().equals(subject))
                    .findFirst()
                    .ifPresent(lock -> node.set("lock", LockRoutes.full(lock, query)));
        }
        node.set("waits", Shapes.array(waits(query, finding, subject), WaitRoutes::wait));
        node.set(
                "others",
                Shapes.array(
                        query.readings().findings().stream()
                                .filter(other -> !other.id().equals(id))
                                .filter(other -> !subject.isEmpty()
                                        && other.finding().subject().windowId().equals(subject))
                                .toList(),
                        FindingRoutes::shape));
        return node;
    }

    /** Single waits for the arrows between the finding's lanes: for its lock, or of its threads if it is about several locks or none. */
    private static List<Wait> waits(Query query, Finding finding, String subject) {
        WaitQuery wanted = WaitQuery.heldUp(SHORTEST_WAIT, MOST_WAITS);
        if (!subject.isEmpty()) {
            return query.readings().waits(query.range(), wanted.forLock(subject));
        }
        Set<String> threads = Set.copyOf(finding.details().threads());
        return query.readings().waits(query.range(), wanted).stream()
                .filter(wait -> threads.contains(wait.waiter().label()))
                .toList();
    }

    /** The report's object, with what only a live page knows. */
    static ObjectNode shape(Tracked tracked) {
        Finding finding = tracked.finding();
        ObjectNode node = ReportShapes.finding(finding);
        node.put("label", finding.kind().label())
                .put("firstSeen", tracked.firstSeen().toString())
                .put("firstSeenMs", tracked.firstSeen().toEpochMilli())
                .put("lastSeenMs", tracked.lastSeen().toEpochMilli())
                .put("times", tracked.times())
                .put("open", tracked.open())
                .put("muted", tracked.muted())
                .put("mutedBecause", tracked.muted() ? REASONS.of(tracked.id()) : "")
                .put("windowId", finding.subject().windowId());
        Text text = finding.text();
        node.set(
                "text",
                Shapes.object()
                        .put("what", text.what())
                        .put("why", text.why())
                        .put("cost", text.cost())
                        .put("change", text.change())
                        .put("expect", text.expect())
                        .put("certainty", text.certainty())
                        .put("threshold", text.threshold()));
        return node;
    }

    /** {@code {"mute": true, "reason": "ticket 4711"}}; 404 if there is no such finding. */
    static void mute(Context context, Targets targets) {
        if (!context.isJson()) {
            throw Refusal.badRequest("Expected a body of type application/json.");
        }
        String id = context.pathParam("id");
        JsonNode body;
        try {
            body = MAPPER.readTree(
                    context.bodyAsBytes()); // always in a Unicode form, whatever charset the header names
        } catch (IOException damaged) {
            throw Refusal.badRequest("The body is not JSON: expected {\"mute\": true} or {\"mute\": false}.");
        }
        JsonNode mute = body.path("mute");
        JsonNode reason = body.path("reason");
        if (!reason.isMissingNode() && !reason.isTextual()) {
            throw Refusal.badRequest("reason: expected a text, got " + reason + ".");
        }
        if (!mute.isBoolean()) {
            throw Refusal.badRequest(
                    "mute: expected true or false, got " + (mute.isMissingNode() ? "nothing" : mute) + ".");
        }
        if (!Query.target(context, targets).readings().mute(id, mute.asBoolean())) {
            throw Refusal.notFound("There is no finding " + id + " in what is kept of this target.");
        }
        REASONS.put(id, mute.asBoolean() ? reason.asText("") : "");
        CHANGES.incrementAndGet();
        context.status(204);
    }
}
