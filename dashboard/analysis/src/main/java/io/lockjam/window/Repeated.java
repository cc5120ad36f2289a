// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

import io.lockjam.model.Fact;
import io.lockjam.model.Frame;
import io.lockjam.model.ThreadRef;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a thread did again and again while it took a lock anew each time, ahead of those that wait: no one call fills their wait, all
 * together do. Only calls below the method that takes the lock count, since the thread may do others between two turns.
 */
final class Repeated {
    private record Call(Fact.ActivityKind kind, Frame site) {}

    private Repeated() {}

    /**
     * One holder for each kind of call that fills a good part of the time.
     *
     * @param did what the thread did about then
     * @param taken where it takes the lock
     * @param holding the time in which it may have had the lock
     * @param least share of that time, 0 to 1
     */
    static List<Holder> of(
            ThreadRef holder, List<Fact.Activity> did, Frame taken, Range holding, Duration waited, double least) {
        Map<Call, Long> nanos = new HashMap<>();
        Map<Call, Fact.Activity> last = new HashMap<>();
        for (Fact.Activity each : did) {
            Instant begin = each.at().minus(each.took());
            Frame site = each.stack().site().orElse(taken);
            if (each.stack().isIn(taken)) {
                Call call = new Call(each.kind(), site);
                nanos.merge(call, holding.overlap(begin, each.at()).toNanos(), Long::sum);
                last.put(call, each);
            }
        }
        List<Holder> found = new ArrayList<>();
        last.forEach((call, each) -> {
            long sum = nanos.getOrDefault(call, 0L);
            if (sum >= least * holding.length().toNanos()) {
                double share = Math.min(1, (double) sum / Math.max(1, waited.toNanos()));
                found.add(new Holder(holder, Doing.of(call.kind()), share, each.stack(), taken, each.detail()));
            }
        });
        return found;
    }
}
