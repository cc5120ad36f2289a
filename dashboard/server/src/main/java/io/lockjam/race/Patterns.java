// SPDX-License-Identifier: Apache-2.0
package io.lockjam.race;

import io.lockjam.model.Libraries;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What --races says: off, auto, or class name patterns like {@code com.acme.*}.
 *
 * @param texts empty for auto
 */
public record Patterns(boolean auto, List<String> texts) {
    public static final Patterns AUTO = new Patterns(true, List.of());

    private static final List<String> JDK = List.of("java.", "javax.", "jdk.", "sun.", "com.sun.");
    private static final int MOST = 50;

    /** The value cannot be used; the message is one sentence for a person. */
    public static final class BadPatternException extends Exception {
        private static final long serialVersionUID = 1;

        BadPatternException(String message) {
            super(message);
        }
    }

    /**
     * Reads what stands behind {@code --races}: {@code auto}, or patterns separated by commas.
     *
     * @throws BadPatternException if a part is no class name pattern or names the JDK
     */
    public static Patterns parse(String text) throws BadPatternException {
        if (text.equals("auto")) {
            return AUTO;
        }
        List<String> parts = new ArrayList<>();
        for (String part : Arrays.asList(text.split("[,;]", -1))) {
            parts.add(checked(part.trim()));
        }
        if (parts.size() > MOST) {
            throw new BadPatternException("races: at most " + MOST + " patterns, got " + parts.size());
        }
        return new Patterns(false, List.copyOf(parts));
    }

    private static String checked(String part) throws BadPatternException {
        if (part.equals("*") || part.equals("**")) {
            throw new BadPatternException(
                    "races: '" + part + "' is every class there is; use auto for the application's own");
        }
        if (!part.matches("[\\p{L}_$][\\p{L}\\p{N}_$]*(\\.[\\p{L}_$][\\p{L}\\p{N}_$]*)*(\\.\\*{1,2}|\\*)?")) {
            throw new BadPatternException(
                    "races: expected off, auto or class names like com.acme.*, got '" + part + "'");
        }
        String prefix = part.replace("*", "");
        boolean library = Libraries.has(prefix.endsWith(".") ? prefix : prefix + "."); // com.sun.xml and others
        if (!library && JDK.stream().anyMatch(jdk -> prefix.startsWith(jdk) || (prefix + ".").equals(jdk))) {
            throw new BadPatternException("races: '" + part + "' is the JDK, whose fields are not probed; calls of its"
                    + " collections are caught where the application makes them");
        }
        return part.endsWith("**") ? part.substring(0, part.length() - 1) : part;
    }

    /** The patterns to send to the agent; for auto, one that matches everything there. */
    List<String> asked() {
        return auto ? List.of("*") : texts;
    }
}
