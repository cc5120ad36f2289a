// SPDX-License-Identifier: Apache-2.0
package io.lockjam.cli;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds the word that was meant when another was typed. */
final class Slip {
    /** One wrong letter in each three. */
    private static final int LETTERS_PER_SLIP = 3;

    private Slip() {}

    /** The known word that differs least; empty if none is near. */
    static Optional<String> meant(String typed, Collection<String> known) {
        return known.stream()
                .filter(word -> distance(typed, word) <= letters(typed) / LETTERS_PER_SLIP
                        || (letters(typed) > 1 && word.startsWith(typed)))
                .min(Comparator.<String>comparingInt(word -> distance(typed, word))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /** The dashes of an option are no letters that anybody mistakes. */
    private static int letters(String typed) {
        return typed.replaceFirst("^-+", "").length();
    }

    /** Letters to insert, remove, replace or swap with their neighbour (Damerau, 1964). */
    private static int distance(String one, String other) {
        int[][] steps = new int[one.length() + 1][other.length() + 1];
        for (int i = 0; i <= one.length(); i++) {
            for (int j = 0; j <= other.length(); j++) {
                steps[i][j] = i == 0 || j == 0 ? i + j : least(steps, i, j, one, other);
            }
        }
        return steps[one.length()][other.length()];
    }

    private static int least(int[][] steps, int i, int j, String one, String other) {
        int replaced = steps[i - 1][j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
        int least = Math.min(replaced, 1 + Math.min(steps[i - 1][j], steps[i][j - 1]));
        boolean swapped =
                i > 1 && j > 1 && one.charAt(i - 1) == other.charAt(j - 2) && one.charAt(i - 2) == other.charAt(j - 1);
        return swapped ? Math.min(least, steps[i - 2][j - 2] + 1) : least;
    }
}
