// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

/**
 * What a finding costs.
 *
 * @param threadSecondsPerSecond thread time lost in each second; 0 if nothing is lost yet
 * @param threads threads concerned
 */
public record Impact(double threadSecondsPerSecond, int threads) {}
