// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

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

    static boolean is(Verdict.NotEnoughData missing) {
        return missing.missing().startsWith(WORDS);
    }

    private static Verdict.NotEnoughData missing(Kind kind, RuntimeException fault) {
        StackTraceElement[] at = fault.getStackTrace();
        return new Verdict.NotEnoughData(kind, WORDS + fault + (at.length == 0 ? "" : " at " + at[0]));
    }
}
