// SPDX-License-Identifier: Apache-2.0
package io.lockjam.attach;

import io.lockjam.attach.AttachListener.End;
import java.nio.file.Files;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Looks twice a second whether the target stands still and, once it is attached, whether it still runs and whether somebody asked us to leave
 * it.
 */
final class Watch implements AutoCloseable {
    private static final long PERIOD_MILLIS = 500;

    private final Target target;
    private final SessionFolder folder;
    private final AttachListener listener;
    private final Stops stops;
    private final Thread thread = new Thread(this::run, "lockjam-watch");
    private final AtomicBoolean over = new AtomicBoolean();
    private volatile boolean attached;

    Watch(Target target, SessionFolder folder, AttachListener listener) {
        this.target = target;
        this.folder = folder;
        this.listener = listener;
        stops = new Stops(target.label());
    }

    void start() {
        thread.setDaemon(true);
        thread.start();
    }

    /** From now on an end is told; before, who attaches finds out by itself. */
    void attached() {
        attached = true;
    }

    /** Reports the end unless one was reported, or we closed. */
    void end(End end) {
        if (over.compareAndSet(false, true)) {
            listener.ended(end);
        }
    }

    @Override
    public void close() {
        over.set(true);
        thread.interrupt();
    }

    private void run() {
        while (!over.get()) {
            String news = stops.look(target.proc().stopped());
            if (!news.isEmpty()) {
                listener.warn(news);
            }
            if (attached) {
                lookForTheEnd();
            }
            try {
                Thread.sleep(PERIOD_MILLIS);
            } catch (InterruptedException closing) {
                return;
            }
        }
    }

    private void lookForTheEnd() {
        if (!target.alive()) {
            end(End.TARGET_ENDED);
        } else if (Files.exists(folder.outer().resolve(SessionFolder.LEAVE))) {
            end(End.ASKED_TO_LEAVE);
        }
    }
}
