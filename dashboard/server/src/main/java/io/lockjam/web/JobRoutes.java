// SPDX-License-Identifier: Apache-2.0
package io.lockjam.web;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;

/** Long work: what is under way, one job a target at most, and how to end it. */
final class JobRoutes {
    private JobRoutes() {}

    static ObjectNode list(Targets targets) {
        ArrayNode jobs = Shapes.JSON.arrayNode();
        for (Watched target : targets.all()) {
            target.job().ifPresent(job -> jobs.add(job.shape().put("id", target.id())));
        }
        ObjectNode node = Shapes.object();
        node.set("jobs", jobs);
        return node;
    }

    static void cancel(Context context, Targets targets) {
        String id = context.pathParam("id");
        Job job = targets.find(id)
                .flatMap(Watched::job)
                .orElseThrow(() -> Refusal.notFound("There is no job " + id + ": it may have ended."));
        job.cancel();
        context.status(204);
    }
}
