// SPDX-License-Identifier: Apache-2.0
package io.lockjam.race;

/** Which races of a test run are told. */
public enum RacesMode {
    /** Those caught in the act. */
    CAUGHT,
    /** Also those that nothing in this run has ordered. */
    PREDICTED
}
