// SPDX-License-Identifier: Apache-2.0
package io.lockjam.web;

import org.jspecify.annotations.Nullable;

/** One reader of the feed with its mailbox and the thread that writes to it. */
final class FeedClient implements AutoCloseable {
    /** Two minutes of letters: longer than any hiccup of a browser, short enough to cost little. */
    static final int MAILBOX = 120;

    private final String target;
    private final Mailbox mailbox = new Mailbox(MAILBOX);
    private final Line line;

    /** The wire to the client; may block, may throw when the client is gone. */
    interface Line {
        void send(String letter) throws Exception;

        void close();
    }

    FeedClient(String target, Line line) {
        this.target = target;
        this.line = line;
    }

    String target() {
        return target;
    }

    void post(String letter) {
        mailbox.post(letter);
    }

    long lost() {
        return mailbox.lostInAll();
    }

    /** Starts a daemon thread that writes until the client or the feed ends. */
    void start() {
        Thread writer = new Thread(this::write, "lockjam-feed-writer");
        writer.setDaemon(true);
        writer.start();
    }

    /** Writes until the client or the feed ends. */
    void write() {
        try {
            for (@Nullable String letter = mailbox.take(); letter != null; letter = mailbox.take()) {
                line.send(letter);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } catch (Exception gone) {
            // the client went away; whoever owns the connection is told by close
        } finally {
            mailbox.close();
            line.close();
        }
    }

    @Override
    public void close() {
        mailbox.close();
    }
}
