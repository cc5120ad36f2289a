// SPDX-License-Identifier: Apache-2.0
package io.lockjam.sizing;

/**
 * What the model says of a pool with a given number of threads.
 *
 * @param queueSeconds mean wait in the queue; infinite if that many threads cannot keep up
 * @param serviceSeconds mean time a task runs, waits for a core included
 * @param utilisation busy share of the threads, 0 to 1
 * @param tasksPerSecond finished; what arrives if the threads keep up
 * @param allBusy probability that a task finds no thread idle
 */
public record Prediction(
        int threads,
        double queueSeconds,
        double serviceSeconds,
        double utilisation,
        double tasksPerSecond,
        double allBusy) {
    public boolean keepsUp() {
        return !Double.isInfinite(queueSeconds);
    }
}
