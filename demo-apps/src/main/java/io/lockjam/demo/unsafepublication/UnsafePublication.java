// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo.unsafepublication;

import io.lockjam.demo.Stage;
import io.lockjam.demo.Work;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * A price list announces itself in its constructor, before its prices are in, through a plain field; shoppers read it half
 * built.
 *
 * <p>Lockjam reports: data-race (unsafe publication) on {@code UnsafePublication.current}, written in {@code PriceList},
 * read in {@code UnsafePublication.read}, and on {@code PriceList.total}. The cure: final fields, and a volatile field
 * written when the constructor is done.
 */
public final class UnsafePublication {
    private static final int SHOPPERS = 3;

    private @Nullable PriceList current;
    private volatile SafeList safe = new SafeList(1, 2);
    private final LongAdder reads = new LongAdder();
    private final LongAdder halfBuilt = new LongAdder();

    private UnsafePublication() {}

    public static void run(Stage stage) throws InterruptedException {
        UnsafePublication shop = new UnsafePublication();
        stage.loop("pricing", () -> {
            if (stage.fixed()) {
                Work.compute(400);
                shop.safe = new SafeList(1, 2);
            } else {
                new PriceList(shop, 1, 2).check();
            }
            Work.remoteCall(1);
        });
        stage.loops("shopper", SHOPPERS, () -> {
            boolean whole = stage.fixed() ? shop.readSafe() : shop.read();
            shop.reads.increment();
            if (!whole) {
                shop.halfBuilt.increment();
            }
            Work.remoteCall(1);
        });
        stage.report(() -> shop.reads + " price lists read", "read half built so far", shop.halfBuilt::sum);
    }

    private boolean read() {
        PriceList list = current;
        return list == null || list.check();
    }

    private boolean readSafe() {
        return safe.check();
    }

    /** Half built for others while its constructor runs. */
    private static final class PriceList {
        private final long goods;
        private final long postage;
        private long total;

        PriceList(UnsafePublication shop, long goods, long postage) {
            shop.current = this; // the defect
            this.goods = goods;
            this.postage = postage;
            Work.compute(400); // adds the prices up
            this.total = goods + postage;
        }

        boolean check() {
            return total == 3 && goods + postage == total;
        }
    }

    /** Whole for everybody who sees it: its fields are final. */
    private record SafeList(long goods, long postage) {
        boolean check() {
            return goods + postage == 3;
        }
    }
}
