// SPDX-License-Identifier: Apache-2.0
package io.lockjam.attach;

import io.lockjam.attach.AttachListener.End;
import java.nio.file.Files;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** Looks twice a second whether the target still runs and whether somebody asked us to leave it. */
final class Watch implements AutoCloseable {
    private static final long PERIOD_MILLIS = 500;

    private final Target target;
    private final SessionFolder folder;
    private final Consumer<End> listener;
    private final Thread thread = new Thread(this::run, "lockjam-watch");
    private final AtomicBoolean over = new AtomicBoolean();

    Watch(Target target, SessionFolder folder, Consumer<End> listener) {
        this.target = target;
        this.folder = folder;
        this.listener = listener;
    }

    void start() {
        thread.setDaemon(true);
        thread.start();
    }

    /** Reports the end unless one was reported, or we closed. */
    void end(End end) {
        if (over.compareAndSet(false, true)) {
            listener.accept(end);
        }
    }

    @Override
    public void close() {
        over.set(true);
        thread.interrupt();
    }

    private void run() {
        while (!over.get()) {
            if (!target.alive()) {
                end(End.TARGET_ENDED);
            } else if (Files.exists(folder.outer().resolve(SessionFolder.LEAVE))) {
                end(End.ASKED_TO_LEAVE);
            }
            try {
                Thread.sleep(PERIOD_MILLIS);
            } catch (InterruptedException closing) {
                return;
            }
        }
    }
}
