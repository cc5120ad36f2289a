// SPDX-License-Identifier: Apache-2.0
package io.lockjam.sizing;

/**
 * What was measured of one pool: all that its size depends on.
 *
 * @param arrivalsPerSecond tasks handed in, λ
 * @param serviceSeconds mean time a task runs with {@code threads} threads, waits for a core included
 * @param cpuShare part of it on a core, 0 to 1; NaN if not known
 * @param coreWaitRatio time its threads waited for a core ÷ time they had one; NaN if not known
 * @param arrivalVariation squared coefficient of variation of the arrivals, 1 for a Poisson stream; NaN if not known
 * @param serviceVariation squared coefficient of variation of the service times; NaN if not known
 * @param cores cores the program may use, the quota if that is less; 0 if not known
 * @param threads of the pool when it was measured
 * @param dispatchSeconds from a submit to the start of a task for which a thread is idle
 * @param customers submitters that each wait for a reply before they submit again; 0 if arrivals do not depend on replies
 */
public record Load(
        double arrivalsPerSecond,
        double serviceSeconds,
        double cpuShare,
        double coreWaitRatio,
        double arrivalVariation,
        double serviceVariation,
        double cores,
        int threads,
        double dispatchSeconds,
        double customers) {
    /** @throws IllegalArgumentException if a number is none that can be measured; the message names it */
    public Load {
        check("arrivalsPerSecond", arrivalsPerSecond, arrivalsPerSecond > 0);
        check("serviceSeconds", serviceSeconds, serviceSeconds > 0);
        checkIfKnown("cpuShare", cpuShare, cpuShare >= 0 && cpuShare <= 1);
        checkIfKnown("coreWaitRatio", coreWaitRatio, coreWaitRatio >= 0);
        checkIfKnown("arrivalVariation", arrivalVariation, arrivalVariation >= 0);
        checkIfKnown("serviceVariation", serviceVariation, serviceVariation >= 0);
        check("cores", cores, cores >= 0);
        check("threads", threads, threads >= 1);
        check("dispatchSeconds", dispatchSeconds, dispatchSeconds >= 0);
        check("customers", customers, customers >= 0);
    }

    private static void checkIfKnown(String name, double value, boolean inRange) {
        check(name, Double.isNaN(value) ? 0 : value, Double.isNaN(value) || inRange);
    }

    private static void check(String name, double value, boolean inRange) {
        if (!inRange || Double.isInfinite(value)) {
            throw new IllegalArgumentException(name + ": not a number that can be measured: " + value);
        }
    }

    /** Threads that would be busy if none waited: Little's law (1961). */
    public double offered() {
        return arrivalsPerSecond * serviceSeconds;
    }

    /** Time on a core for each task; 0 if not known. */
    public double cpuSeconds() {
        return Double.isNaN(cpuShare) ? 0 : cpuShare * serviceSeconds;
    }

    public boolean closed() {
        return customers > 0;
    }
}
