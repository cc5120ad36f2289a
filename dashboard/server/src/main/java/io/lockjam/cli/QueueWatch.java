// SPDX-License-Identifier: Apache-2.0
package io.lockjam.cli;

import io.lockjam.attach.Attachment;
import java.io.IOException;
import java.time.Duration;

/** Has the agent look for queues that nobody waits at: soon after the attach, and when deep each minute, for new ones. */
final class QueueWatch implements Runnable, AutoCloseable {
    /** After the safepoints of the attach. */
    private static final Duration FIRST = Duration.ofMillis(500);

    /** Who uses a queue less often than this can hardly let it grow. */
    private static final Duration LOOK = Duration.ofMillis(800);

    private static final Duration AGAIN = Duration.ofMinutes(1);

    private final Attachment attachment;
    private final boolean repeats;
    private final Console console;
    private final Thread thread = new Thread(this, "lockjam-queues");

    QueueWatch(Attachment attachment, boolean repeats, Console console) {
        this.attachment = attachment;
        this.repeats = repeats;
        this.console = console;
    }

    void start() {
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void run() {
        try {
            Thread.sleep(FIRST.toMillis());
            look();
            while (repeats) {
                Thread.sleep(AGAIN.toMillis());
                look();
            }
        } catch (IOException gone) {
            console.detail("The search for queues has ended: " + gone.getMessage());
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() throws IOException, InterruptedException {
        attachment.searchQueues(true);
        try {
            Thread.sleep(LOOK.toMillis());
        } finally {
            attachment.searchQueues(false);
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
