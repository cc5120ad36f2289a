// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo.doublecheckedlocking;

import io.lockjam.demo.Stage;
import io.lockjam.demo.Work;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * A catalogue is loaded by the first who needs it: checked without the lock, checked again with it. The plain field is
 * set before the articles are in, so the check without the lock hands out an empty catalogue.
 *
 * <p>Lockjam reports: data-race on {@code DoubleCheckedLocking.catalogue}, read in {@code DoubleCheckedLocking.load}
 * before the lock, written there under it. The cure: a volatile field, set when the catalogue is complete.
 */
public final class DoubleCheckedLocking {
    private static final int SHOPPERS = 4;
    private static final int ARTICLES = 1_000;

    private @Nullable Catalogue catalogue;
    private volatile @Nullable Catalogue safeCatalogue;
    private final LongAdder lookUps = new LongAdder();
    private final LongAdder empty = new LongAdder();

    private DoubleCheckedLocking() {}

    public static void run(Stage stage) throws InterruptedException {
        DoubleCheckedLocking shop = new DoubleCheckedLocking();
        stage.loops("shopper", SHOPPERS, () -> {
            Catalogue catalogue = stage.fixed() ? shop.loadSafely() : shop.load();
            shop.lookUps.increment();
            if (catalogue.articles() != ARTICLES) {
                shop.empty.increment();
            }
            Work.remoteCall(2);
        });
        stage.loop("catalogue-update", () -> {
            Work.remoteCall(20);
            shop.forget();
        });
        stage.report(() -> shop.lookUps + " look-ups", "in a catalogue not loaded yet, so far", shop.empty::sum);
    }

    @SuppressWarnings("DoubleCheckedLocking") // the defect
    private Catalogue load() {
        Catalogue known = catalogue;
        if (known == null) {
            synchronized (this) {
                known = catalogue;
                if (known == null) {
                    known = new Catalogue();
                    catalogue = known;
                    known.fill();
                }
            }
        }
        return known;
    }

    private Catalogue loadSafely() {
        Catalogue known = safeCatalogue;
        if (known == null) {
            synchronized (this) {
                known = safeCatalogue;
                if (known == null) {
                    known = new Catalogue();
                    known.fill();
                    safeCatalogue = known;
                }
            }
        }
        return known;
    }

    private synchronized void forget() {
        catalogue = null;
        safeCatalogue = null;
    }

    /** The articles of the shop, once {@link #fill} is done. */
    private static final class Catalogue {
        private int articles;

        void fill() {
            Work.compute(2_000);
            articles = ARTICLES;
        }

        int articles() {
            return articles;
        }
    }
}
