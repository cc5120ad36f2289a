// SPDX-License-Identifier: Apache-2.0
package io.lockjam.race;

import io.lockjam.model.Fact;
import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import java.util.LinkedHashMap;
import java.util.Map;

/** Counts in which classes threads were seen, from stacks that come anyway: where two meet, a race can be. */
public final class Nominator {
    private static final int MOST_CLASSES = 10_000;
    private static final int FRAMES = 24;

    private final Map<String, Presence> seen = new LinkedHashMap<>(256, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Presence> eldest) {
            return size() > MOST_CLASSES;
        }
    };

    private int met;

    /** Threads told apart up to 64 by their ids; enough to know one from several. */
    private static final class Presence {
        private long threads;
        private long samples;

        private int count() {
            return Long.bitCount(threads);
        }
    }

    /** Takes what has a stack; everything else is ignored. From any thread. */
    public void accept(Fact fact) {
        if (fact instanceof Fact.Activity activity) {
            add(activity.thread().id(), activity.stack());
        } else if (fact instanceof Fact.WaitEnded wait) {
            add(wait.waiter().id(), wait.stack());
        } else if (fact instanceof Fact.StackSeen stack) {
            add(stack.thread().id(), stack.stack());
        }
    }

    /** Higher goes first: classes in which several threads were seen, and among them those seen often. */
    synchronized double rank(String className) {
        Presence presence = seen.get(className);
        if (presence == null) {
            return 0;
        }
        return Math.min(presence.count(), 8) * 1_000.0 + Math.min(presence.samples, 999);
    }

    /** Whether more than one thread was seen in the class. */
    synchronized boolean met(String className) {
        Presence presence = seen.get(className);
        return presence != null && presence.count() > 1;
    }

    /** Grows with every class in which a second thread is seen. */
    synchronized int meetings() {
        return met;
    }

    private synchronized void add(long thread, Stack stack) {
        int frames = 0;
        for (Frame frame : stack.frames()) {
            if (frames++ == FRAMES) {
                return;
            }
            Presence presence = seen.computeIfAbsent(frame.className(), name -> new Presence());
            boolean alone = presence.count() == 1;
            presence.threads |= 1L << (thread & 63);
            met += alone && presence.count() == 2 ? 1 : 0;
            presence.samples++;
        }
    }
}
