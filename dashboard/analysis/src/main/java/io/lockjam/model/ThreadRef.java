// SPDX-License-Identifier: Apache-2.0
package io.lockjam.model;

/**
 * A thread of the target.
 *
 * @param id the Java thread id; unique in one run of the target
 * @param name the name when last seen; empty for an unnamed virtual thread
 * @param osId the operating system's thread id; -1 for a virtual thread or if not known
 */
public record ThreadRef(long id, String name, boolean virtual, long osId) {
    /** False of the one that stands for all that JFR does not name: virtual threads that had ended when it wrote them down. */
    public boolean isKnown() {
        return id != 0;
    }

    /** What to call it on a page: its name, or its number if it has none. */
    public String label() {
        return name.isEmpty() ? (virtual ? "virtual #" : "thread #") + id : name;
    }

    /** The name with its digits folded, so that the threads of one pool share it: {@code http-exec-#}. */
    public String group() {
        return name.isEmpty() ? (virtual ? "virtual threads" : "unnamed") : folded(name);
    }

    /** By hand and not by an expression: it is asked of every thread each second. */
    private static String folded(String name) {
        StringBuilder folded = new StringBuilder(name.length());
        boolean digits = false;
        for (int i = 0; i < name.length(); i++) {
            char letter = name.charAt(i);
            boolean digit = letter >= '0' && letter <= '9';
            if (!digit) {
                folded.append(letter);
            } else if (!digits) {
                folded.append('#');
            }
            digits = digit;
        }
        return folded.toString();
    }
}
