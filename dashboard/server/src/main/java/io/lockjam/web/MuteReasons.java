// SPDX-License-Identifier: Apache-2.0
package io.lockjam.web;

import java.util.LinkedHashMap;
import java.util.Map;

/** Why users muted findings, by the finding's id, for as long as the dashboard runs; the oldest are forgotten first. */
final class MuteReasons {
    private static final int MOST = 1_000;
    private static final int LONGEST = 200;

    private final Map<String, String> reasons = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
            return size() > MOST;
        }
    };

    /** Keeps a reason; an empty one takes it away. */
    synchronized void put(String finding, String reason) {
        String text = reason.strip();
        if (text.isEmpty()) {
            reasons.remove(finding);
        } else {
            reasons.put(finding, text.substring(0, Math.min(LONGEST, text.length())));
        }
    }

    /** Empty if none was given. */
    synchronized String of(String finding) {
        return reasons.getOrDefault(finding, "");
    }
}
