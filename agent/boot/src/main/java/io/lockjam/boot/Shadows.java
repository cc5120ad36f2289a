// SPDX-License-Identifier: Apache-2.0
package io.lockjam.boot;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Shadows by the identity of their objects, which they do not keep alive.
 *
 * <p>Bounded: beyond the bound places are no longer remembered, which loses races; that an object synchronizes must never be
 * forgotten, since that would invent some, so a table full of those ends all predictions.
 */
final class Shadows {
    private static final int STRIPES = 256;
    private static final int MOST = 1 << 20;
    private static final int MOST_NEEDED = MOST << 1;
    private static final Stripe[] TABLE = new Stripe[STRIPES];
    private static final AtomicInteger COUNT = new AtomicInteger();
    /** Whether one was refused. */
    static volatile boolean full;

    static {
        for (int i = 0; i < STRIPES; i++) {
            TABLE[i] = new Stripe();
        }
    }

    private Shadows() {}

    /** Null if nothing is remembered of the object. */
    static @Nullable Shadow find(Object object) {
        int hash = System.identityHashCode(object);
        return TABLE[hash & (STRIPES - 1)].find(object, hash);
    }

    /** Null if there is no room for another one. */
    static @Nullable Shadow wanted(Object object) {
        int hash = System.identityHashCode(object);
        Stripe stripe = TABLE[hash & (STRIPES - 1)];
        if (COUNT.get() < MOST) {
            return stripe.make(object, hash);
        }
        Shadow known = stripe.find(object, hash);
        if (known == null) {
            full = true;
            stripe.purge();
        }
        return known;
    }

    static Shadow needed(Object object) {
        int hash = System.identityHashCode(object);
        if (COUNT.get() > MOST_NEEDED) {
            HappensBefore.stop("more objects than can be remembered take part in the order");
        }
        return TABLE[hash & (STRIPES - 1)].make(object, hash);
    }

    /** Forgets all accesses, and nothing else. */
    static void forgetSpots() {
        for (Stripe each : TABLE) {
            each.forgetSpots();
        }
    }

    static void clear() {
        for (Stripe each : TABLE) {
            each.clear();
        }
        full = false;
    }

    private static final class Stripe {
        private @Nullable Shadow[] buckets = new Shadow[16];
        private int count;

        synchronized @Nullable Shadow find(Object object, int hash) {
            for (Shadow at = buckets[slot(hash)]; at != null; at = at.next) {
                if (at.hash == hash && at.refersTo(object)) {
                    return at;
                }
            }
            return null;
        }

        synchronized Shadow make(Object object, int hash) {
            Shadow known = find(object, hash);
            if (known != null) {
                return known;
            }
            if (count >= buckets.length) {
                rehash();
            }
            Shadow made = new Shadow(object, hash);
            int slot = slot(hash);
            made.next = buckets[slot];
            buckets[slot] = made;
            count++;
            COUNT.getAndIncrement();
            return made;
        }

        synchronized void purge() {
            rehash();
        }

        synchronized void forgetSpots() {
            for (Shadow head : buckets) {
                for (Shadow at = head; at != null; at = at.next) {
                    at.forgetSpots();
                }
            }
        }

        synchronized void clear() {
            COUNT.addAndGet(-count);
            count = 0;
            buckets = new Shadow[16];
        }

        /** Drops those whose object is gone, and makes room if few are. */
        private void rehash() {
            @Nullable Shadow[] before = buckets;
            int live = 0;
            for (Shadow head : before) {
                for (Shadow at = head; at != null; at = at.next) {
                    live += at.refersTo(null) ? 0 : 1;
                }
            }
            buckets = new Shadow[live * 2 > before.length ? before.length * 2 : before.length];
            int kept = 0;
            for (Shadow head : before) {
                Shadow at = head;
                while (at != null) {
                    Shadow following = at.next;
                    if (!at.refersTo(null)) {
                        int slot = slot(at.hash);
                        at.next = buckets[slot];
                        buckets[slot] = at;
                        kept++;
                    }
                    at = following;
                }
            }
            COUNT.addAndGet(kept - count);
            count = kept;
        }

        /** The lower bits have chosen the stripe. */
        private int slot(int hash) {
            return (hash >>> 8 ^ hash >>> 17) & (buckets.length - 1);
        }
    }
}
