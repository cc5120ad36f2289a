// SPDX-License-Identifier: Apache-2.0
package io.lockjam.attach;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * What our recording is to hold: {@code lockjam.jfc} with its thresholds filled in.
 *
 * @param monitorMicros shortest wait for a monitor that becomes an event; shorter ones are not counted
 */
record JfrSettings(Depth depth, long monitorMicros) {
    private static final String RESOURCE = "/META-INF/lockjam/lockjam.jfc";
    /** 20 ms is what the JDK's own default.jfc uses; above it a chatty program tells us nothing more. */
    private static final long HIGHEST_MICROS = 20_000;

    static JfrSettings of(Depth depth) {
        return new JfrSettings(
                depth,
                switch (depth) {
                    case LIGHT -> 100;
                    case DEEP -> 20;
                });
    }

    /** Ten times the threshold for monitors, up to a limit; itself when there. */
    JfrSettings raised() {
        return new JfrSettings(depth, Math.min(HIGHEST_MICROS, monitorMicros * 10));
    }

    String xml() throws IOException {
        try (InputStream in = JfrSettings.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IOException("this lockjam.jar does not hold lockjam.jfc");
            }
            String blocking = switch (depth) {
                case LIGHT -> "1 ms";
                case DEEP -> "100 us";
            };
            // Measured under load: a server that answers from a database reads sockets all the time, and the sampler's
            // thread alone took half a percent of a core.
            String sockets = switch (depth) {
                case LIGHT -> "10 ms";
                case DEEP -> blocking;
            };
            String sampling = switch (depth) {
                case LIGHT -> "50 ms";
                case DEEP -> "20 ms";
            };
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .replace(">${monitors}<", ">" + monitorMicros + " us<")
                    .replace(">${blocking}<", ">" + blocking + "<")
                    .replace(">${sockets}<", ">" + sockets + "<")
                    .replace(">${sampling}<", ">" + sampling + "<");
        }
    }
}
