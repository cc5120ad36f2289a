// SPDX-License-Identifier: Apache-2.0
package io.lockjam.browser;

import io.lockjam.web.Dashboard;
import io.lockjam.web.DashboardConfig;
import io.lockjam.web.Watched;
import java.time.Instant;

/** Serves the invented service until it is stopped: for people who work on the pages. */
final class Preview {
    private Preview() {}

    /** Arguments: port, and a scale of which 10 makes about a thousand threads. */
    public static void main(String[] arguments) throws InterruptedException {
        int port = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 0;
        int scale = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 10;
        try (Dashboard dashboard = Dashboard.start(DashboardConfig.loopback(port))) {
            Watched target = new Watched(
                    "order-service",
                    "order-service · 4711",
                    Watched.State.LIVE,
                    new SyntheticReadings(scale, 600, true, Instant::now));
            dashboard.targets().add(target);
            System.out.println(dashboard.url());
            Thread.currentThread().join();
        }
    }
}
