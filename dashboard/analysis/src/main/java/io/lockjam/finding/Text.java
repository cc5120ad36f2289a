// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

/**
 * What a finding says, in the fixed order in which every page and report shows it. Whole sentences, plain words, numbers with units.
 *
 * @param what subject, verb, object, duration: names the thread, lock or pool
 * @param why what the owner or pool was doing, with file and line
 * @param cost thread-seconds or share that is lost
 * @param change one imperative sentence with file and line where there is one
 * @param expect predicted effect and the measurement it rests on
 * @param certainty exact from events, sampled with n, or suspected
 * @param threshold the limit that was passed and where it comes from
 */
public record Text(
        String what, String why, String cost, String change, String expect, String certainty, String threshold) {}
