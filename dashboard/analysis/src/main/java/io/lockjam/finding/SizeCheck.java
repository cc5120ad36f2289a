// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.sizing.Load;
import io.lockjam.sizing.Prediction;
import io.lockjam.sizing.Sizing;
import io.lockjam.window.PoolWindow;
import org.jspecify.annotations.Nullable;

/**
 * Whether a prediction held after somebody changed a pool's size while we watched.
 *
 * @param predictedMs mean queue wait for the new size, from what was measured with the old one; infinite if too few threads were predicted
 * @param measuredMs mean queue wait with the new size
 */
public record SizeCheck(int before, int after, double predictedMs, double measuredMs, boolean held, String sentence) {
    /** As close as the sweep in docs/sizing.md comes. */
    private static final double TOLERANCE = 0.25;

    /** Of the service time: waits shorter than this are none, whatever their ratio. */
    private static final double NO_WAIT = 0.05;

    /** The prediction is made again for the arrivals that came if they are this far from those it was made for. */
    private static final double SAME_LOAD = 0.05;

    /** Threads so busy do not keep up, or just so. */
    private static final double EXHAUSTED = 0.97;

    /** Null if the size did not change, or one side cannot be judged. */
    static @Nullable SizeCheck of(PoolWindow pool) {
        if (pool.parts().size() != 2) {
            return null;
        }
        PoolWindow before = pool.parts().get(0);
        PoolWindow after = pool.parts().get(1);
        PoolLoad from = new PoolLoad(before);
        PoolLoad to = new PoolLoad(after);
        if (!from.missing().isEmpty() || !to.missing().isEmpty()) {
            return null;
        }
        Load then = from.sizing().load();
        boolean sameLoad =
                then.closed() || Math.abs(after.arrivalsPerSecond() / then.arrivalsPerSecond() - 1) <= SAME_LOAD;
        Load load = sameLoad ? then : withArrivals(then, after.arrivalsPerSecond());
        Prediction predicted = Sizing.of(then).forLoad(load).at(to.threads());
        double measured = after.queueTimeMean().toNanos() / 1e9;
        boolean held = predicted.keepsUp()
                ? Math.abs(predicted.queueSeconds() - measured)
                        <= Math.max(TOLERANCE * measured, NO_WAIT * then.serviceSeconds())
                : after.busyMean() >= EXHAUSTED * to.threads();
        return new SizeCheck(
                from.threads(),
                to.threads(),
                predicted.queueSeconds() * 1e3,
                measured * 1e3,
                held,
                sentence(from.threads(), to.threads(), predicted, measured, held)
                        + (sameLoad
                                ? ""
                                : " Arrivals went from %s to %s a second meanwhile; the prediction is for the new rate."
                                        .formatted(
                                                Words.number(then.arrivalsPerSecond()),
                                                Words.number(after.arrivalsPerSecond()))));
    }

    private static Load withArrivals(Load load, double perSecond) {
        return new Load(
                perSecond,
                load.serviceSeconds(),
                load.cpuShare(),
                load.coreWaitRatio(),
                load.arrivalVariation(),
                load.serviceVariation(),
                load.cores(),
                load.threads(),
                load.dispatchSeconds(),
                load.customers());
    }

    private static String sentence(int before, int after, Prediction predicted, double measured, boolean held) {
        String foretold = predicted.keepsUp()
                ? "a mean wait of " + Words.millis(predicted.queueSeconds() * 1e3)
                : "a growing queue";
        return "From %d to %d: predicted %s, measured %s; the prediction %s."
                .formatted(before, after, foretold, Words.millis(measured * 1e3), held ? "held" : "did not hold");
    }
}
