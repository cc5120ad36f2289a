// SPDX-License-Identifier: Apache-2.0
package io.lockjam.bench.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.WebSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** CPU of the lockjam process without a page and with several open, in turns. */
public final class PagesBench {
    private static final long WARM_MILLIS = 120_000;
    private static final long SETTLE_MILLIS = 3_000;
    private static final long ASKS_MILLIS = 3_000;

    private final LockjamProcess lockjam;

    private PagesBench(LockjamProcess lockjam) {
        this.lockjam = lockjam;
    }

    /**
     * Starts a demo and prints what each stretch cost.
     *
     * @param arguments the lockjam script, demo, number of pages, number of pairs, seconds of a stretch
     */
    public static void main(String[] arguments) throws Exception {
        int pages = Integer.parseInt(arguments[2]);
        int pairs = Integer.parseInt(arguments[3]);
        long stretch = (long) (Double.parseDouble(arguments[4]) * 1_000);
        try (LockjamProcess lockjam = LockjamProcess.start(arguments[0], "demo", arguments[1])) {
            System.out.println("lockjam is process " + lockjam.pid());
            Thread.sleep(WARM_MILLIS);
            new PagesBench(lockjam).alternate(pages, pairs, stretch);
        }
    }

    private void alternate(int pages, int pairs, long stretchMillis) throws Exception {
        ProcessFigures figures = lockjam.figures();
        double[] sums = new double[2];
        for (int i = 0; i < 2 * pairs; i++) {
            boolean open = i % 4 == 1 || i % 4 == 2; // none, open, open, none: what drifts falls on both
            List<Page> readers = new ArrayList<>();
            for (int page = 0; page < (open ? pages : 0); page++) {
                readers.add(new Page());
            }
            Thread.sleep(SETTLE_MILLIS);
            long before = figures.cpuMicros();
            long begun = System.nanoTime();
            Thread.sleep(stretchMillis);
            double share = (figures.cpuMicros() - before) * 1e3 / (System.nanoTime() - begun);
            for (Page page : readers) {
                page.leave();
            }
            sums[open ? 1 : 0] += share / pairs;
            System.out.printf(
                    Locale.ROOT,
                    "%2d pages  %.1f %% of a core, %d MB resident%n",
                    readers.size(),
                    100 * share,
                    figures.residentKilobytes() >> 10);
        }
        System.out.printf(
                Locale.ROOT, "no page %.1f %%, %d pages %.1f %% of a core%n", 100 * sums[0], pages, 100 * sums[1]);
    }

    /** Follows the feed, and asks every three seconds what the page Now asks about the last five minutes. */
    private final class Page implements WebSocket.Listener {
        private final WebSocket feed;
        private final Thread asks = new Thread(this::ask, "page");

        Page() throws Exception {
            String target =
                    lockjam.get("targets", "identity").replaceFirst("(?s).*?\"id\"\\s*:\\s*\"([^\"]+)\".*", "$1");
            feed = lockjam.follow(target, this);
            asks.start();
        }

        private void ask() {
            try {
                while (true) {
                    lockjam.get("now?heldUp=1&limit=12&mode=wait&last=300", "gzip");
                    Thread.sleep(ASKS_MILLIS);
                }
            } catch (InterruptedException over) {
                Thread.currentThread().interrupt();
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }

        void leave() throws InterruptedException {
            asks.interrupt();
            asks.join();
            feed.abort();
        }
    }
}
