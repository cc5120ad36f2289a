// SPDX-License-Identifier: Apache-2.0
package io.lockjam.model;

import java.util.Optional;

/**
 * A change by a call that depends on an earlier one, as probes name it: {@code Map.put-after-Map.get}.
 *
 * @param change {@code Map.put}
 * @param look {@code Map.get}
 */
public record TwoSteps(String change, Sort sort, String look) {
    /** How the change depends on the look. */
    public enum Sort {
        /** It puts what was made of what the look gave. */
        WITH("-with-"),
        /** What the look gave decides whether it is made, and what it puts no other thread would: an object made or given there. */
        OWN_AFTER("-own-after-"),
        /** What the look gave decides whether it is made. */
        AFTER("-after-");

        private final String between;

        Sort(String between) {
            this.between = between;
        }
    }

    /** Empty for a call that depends on none. */
    public static Optional<TwoSteps> of(String call) {
        for (Sort each : Sort.values()) {
            int at = call.indexOf(each.between);
            if (at > 0) {
                return Optional.of(
                        new TwoSteps(call.substring(0, at), each, call.substring(at + each.between.length())));
            }
        }
        return Optional.empty();
    }

    /** The call itself, whatever it depends on. */
    public static String change(String call) {
        return of(call).map(TwoSteps::change).orElse(call);
    }
}
