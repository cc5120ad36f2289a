// SPDX-License-Identifier: Apache-2.0
package io.lockjam.web;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.lockjam.model.Fact;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Data races, each with both accesses. */
final class RaceRoutes {
    private static final int MOST = 200;

    private RaceRoutes() {}

    static ObjectNode list(Context context, Query query) {
        ObjectNode node = Shapes.object();
        List<Fact.RaceSeen> races = query.readings().races(query.range());
        Map<String, Long> times =
                races.stream().collect(Collectors.groupingBy(RaceRoutes::data, Collectors.counting()));
        node.set(
                "races",
                Shapes.array(
                        races.stream().limit(MOST).toList(),
                        race -> race(race, query.readings()).put("times", times.getOrDefault(data(race), 1L))));
        node.set("search", search(query.target().races()));
        return node;
    }

    /** A field is one whichever object it is of; anything else is the object. */
    private static String data(Fact.RaceSeen race) {
        return race.target().equals("call") ? race.field() + "@" + race.identity() : race.field();
    }

    private static ObjectNode search(RaceSearch search) {
        ObjectNode node = Shapes.object()
                .put("says", search.says())
                .put("armed", search.armed())
                .put("planned", search.planned())
                .put("probed", search.probed())
                .put("windows", search.windows())
                .put("traps", search.traps())
                .put("hits", search.hits())
                .put("failures", search.failures());
        node.set("failed", Shapes.array(search.failed(), Shapes.JSON::textNode));
        node.set("notObservable", Shapes.array(search.notObservable(), Shapes.JSON::textNode));
        return node;
    }

    private static ObjectNode race(Fact.RaceSeen race, Readings readings) {
        ObjectNode node = Shapes.object()
                .put("at", race.at().toEpochMilli())
                .put("field", race.field())
                .put("name", readings.name(race).orElse(null))
                .put("target", race.target())
                .put("certainty", race.certainty())
                .put("identity", race.identity())
                .put("before", race.valueBefore())
                .put("after", race.valueAfter());
        node.set("first", access(race.first()));
        node.set("second", access(race.second()));
        return node;
    }

    private static ObjectNode access(Fact.Access access) {
        ObjectNode node = Shapes.object().put("writes", access.writes()).put("call", access.call());
        node.set("thread", Shapes.thread(access.thread()));
        node.set("stack", Shapes.stack(access.stack()));
        node.set("locks", Shapes.array(access.locks(), Shapes.JSON::textNode));
        return node;
    }
}
