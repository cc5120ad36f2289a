// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import java.util.List;
import java.util.function.Supplier;

/** Keeps a rule that fails from taking the findings of the others with it. Where assertions are on, as in tests, the fault is thrown. */
final class RuleFault {
    private static final boolean THROWN = RuleFault.class.desiredAssertionStatus();
    private static final String WORDS = "a rule failed, which is a fault of Lockjam: ";

    private RuleFault() {}

    static <T> Verdict check(Rule<T> rule, T part, Situation all) {
        return check(rule, part, all, THROWN);
    }

    static <T> Verdict check(Rule<T> rule, T part, Situation all, boolean thrown) {
        try {
            return rule.check(part, all);
        } catch (RuntimeException fault) {
            if (thrown) {
                throw fault;
            }
            return missing(rule.kind(), fault);
        }
    }

    /** What a rule finds that may find several. */
    static List<Finding> all(Kind kind, Supplier<List<Finding>> found, List<Verdict.NotEnoughData> unknown) {
        return all(kind, found, unknown, THROWN);
    }

    static List<Finding> all(
            Kind kind, Supplier<List<Finding>> found, List<Verdict.NotEnoughData> unknown, boolean thrown) {
        try {
            return found.get();
        } catch (RuntimeException fault) {
            if (thrown) {
                throw fault;
            }
            unknown.add(missing(kind, fault));
            return List.of();
        }
    }

    static boolean is(Verdict.NotEnoughData missing) {
        return missing.missing().startsWith(WORDS);
    }

    private static Verdict.NotEnoughData missing(Kind kind, RuntimeException fault) {
        StackTraceElement[] at = fault.getStackTrace();
        return new Verdict.NotEnoughData(kind, WORDS + fault + (at.length == 0 ? "" : " at " + at[0]));
    }
}
