// SPDX-License-Identifier: Apache-2.0
package io.lockjam.attach;

/** Reads the feature number out of a {@code java.version}. */
final class JdkVersion {
    /** The oldest JDK whose j.u.c. slow paths the hooks know. */
    static final int OLDEST = 17;

    private JdkVersion() {}

    /** 17 for {@code 17.0.15+6}, 8 for {@code 1.8.0_402}, 0 if the text is no version. */
    static int feature(String version) {
        String text = version.startsWith("1.") ? version.substring(2) : version;
        int end = 0;
        while (end < text.length() && end < 4 && Character.isDigit(text.charAt(end))) {
            end++;
        }
        return end == 0 ? 0 : Integer.parseInt(text.substring(0, end));
    }
}
