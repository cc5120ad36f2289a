// SPDX-License-Identifier: Apache-2.0
package io.lockjam.model;

import java.util.Optional;

/**
 * A change by a call that depends on an earlier one, as probes name it: {@code Map.put-after-Map.get}.
 *
 * @param change {@code Map.put}
 * @param look {@code Map.get}
 * @param by the field and the method of the caller's class that makes the change, {@code com.acme.Users.byName/load}; empty if it is
 *     made where it is told
 */
public record TwoSteps(String change, Sort sort, String look, String by) {
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
                return Optional.of(of(call.substring(0, at), each, call.substring(at + each.between.length())));
            }
        }
        return Optional.empty();
    }

    /** {@code Map.put(com.acme.Users.byName/load)} where a method makes it. */
    private static TwoSteps of(String change, Sort sort, String look) {
        int open = change.indexOf('(');
        return open < 0
                ? new TwoSteps(change, sort, look, "")
                : new TwoSteps(change.substring(0, open), sort, look, change.substring(open + 1, change.length() - 1));
    }

    /** The field that is known to hold what is changed; empty if it is not known. */
    public Optional<String> field() {
        return by.isEmpty() ? Optional.empty() : Optional.of(by.substring(0, by.indexOf('/')));
    }

    /** The method that makes the change for its caller; empty if there is none. */
    public Optional<String> method() {
        return by.isEmpty() ? Optional.empty() : Optional.of(by.substring(by.indexOf('/') + 1));
    }

    /** The call itself, whatever it depends on. */
    public static String change(String call) {
        return of(call).map(TwoSteps::change).orElse(call);
    }
}
