// SPDX-License-Identifier: Apache-2.0
package io.lockjam.source;

import java.util.regex.Pattern;

/**
 * Takes what looks like a secret out of thread names of the JDK's own events, which have them as they are. The agent does the same, by the same
 * rules, with all that it tells; a thread has one name by both ways.
 */
final class Redaction {
    private static final String MASK = "***";

    /** Checked first, since nearly every name has none of these. */
    private static final Pattern SUSPECT = Pattern.compile(
            "(?i)token|passw|pwd|secret|api.?key|access.?key|bearer|basic |eyJ|://[^/\\s]*@|authorization|credential|AKIA");

    private static final Pattern KEY_VALUE = Pattern.compile(
            "(?i)([\\w.-]*(?:token|passw(?:or)?d|pwd|secret|api[_-]?key|access[_-]?key|credentials?|authorization)"
                    + "[\\w.-]*\\s*[=:]\\s*)(?:(?:bearer|basic)\\s+)?[^\\s&,;]+");
    private static final Pattern SCHEME = Pattern.compile("(?i)\\b(bearer|basic)\\s+[\\w.~+/=-]{6,}");
    private static final Pattern JWT = Pattern.compile("eyJ[\\w-]{4,}\\.[\\w-]+(?:\\.[\\w-]*)?");
    private static final Pattern USER_INFO = Pattern.compile("://[^/\\s@]*@");
    private static final Pattern CLOUD_KEY = Pattern.compile("\\bAKIA[0-9A-Z]{12,}\\b");

    /** Longer names are cut: they are data rather than names. */
    private static final int LONGEST = 200;

    private Redaction() {}

    static String of(String name) {
        String text = name.length() > LONGEST ? name.substring(0, LONGEST) + "…" : name;
        if (SUSPECT.matcher(text).find()) {
            text = KEY_VALUE.matcher(text).replaceAll("$1" + MASK);
            text = SCHEME.matcher(text).replaceAll("$1 " + MASK);
            text = JWT.matcher(text).replaceAll(MASK);
            text = USER_INFO.matcher(text).replaceAll("://" + MASK + "@");
            text = CLOUD_KEY.matcher(text).replaceAll(MASK);
        }
        for (int i = 0; i < text.length(); i++) {
            if (Character.isISOControl(text.charAt(i))) {
                return text.replaceAll("\\p{Cntrl}", " ");
            }
        }
        return text;
    }
}
