// SPDX-License-Identifier: Apache-2.0
package io.lockjam.control;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One end of the control connection.
 *
 * <p>One thread reads: the one that calls {@link #poll}. Any thread may send and request. When the reading thread itself
 * requests something, or another does before anybody has polled, it reads until the answer is there; other frames that
 * come in meanwhile are kept for the next {@link #poll}. So the reading thread must not request what the other side can only answer after a question back.
 *
 * <p>No call blocks longer than its time-out; a peer that does not read costs at most {@link #OUT_LIMIT} bytes.
 */
public final class Connection implements Closeable {
    /** Unsent bytes after which the peer is given up: two of the longest frames. */
    static final int OUT_LIMIT = 2 * Frame.LIMIT;

    /** Unsent bytes after which facts are dropped rather than queued. */
    static final int FACTS_LIMIT = 4 << 20;

    /** Frames received and not yet taken by {@link #poll}: a peer that never waits for answers is not served. */
    static final int INBOX_LIMIT = 4096;

    private final SocketChannel channel;
    private final Selector selector;
    private final SelectionKey key;
    private final FrameReader frames = new FrameReader();
    private final ByteBuffer room = ByteBuffer.allocate(64 << 10);

    private final Object reading = new Object(); // held by who reads from the channel; taken before lock
    private final Object lock = new Object(); // guards what follows
    private final ArrayDeque<Frame> inbox = new ArrayDeque<>();
    private final ArrayDeque<ByteBuffer> out = new ArrayDeque<>();
    private final Map<Integer, @Nullable Frame> answers = new HashMap<>(); // null until it has come
    private int outBytes;
    private int lastId;
    private boolean closed;
    private @Nullable Thread reader;

    private Connection(SocketChannel channel) throws IOException {
        this.channel = channel;
        channel.configureBlocking(false);
        selector = Selector.open();
        key = channel.register(selector, SelectionKey.OP_READ);
    }

    /** Takes over a connected channel; closes it if that fails. */
    public static Connection over(SocketChannel channel) throws IOException {
        try {
            return new Connection(channel);
        } catch (IOException | RuntimeException failed) {
            channel.close();
            throw failed;
        }
    }

    /** Connects to the Unix-domain socket at {@code path}. */
    public static Connection dial(String path) throws IOException {
        return over(SocketChannel.open(UnixDomainSocketAddress.of(path)));
    }

    /**
     * Waits for the next frame that is not an answer. Reading thread only.
     *
     * @return null if none came in time
     * @throws IOException if the connection has ended or the peer broke the protocol; it is closed then
     */
    public @Nullable Frame poll(long timeoutMillis) throws IOException {
        synchronized (lock) {
            if (reader != Thread.currentThread()) {
                reader = Thread.currentThread();
                selector.wakeup(); // who read until now shall make room
            }
        }
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        while (true) {
            synchronized (lock) {
                Frame frame = inbox.poll();
                if (frame != null) {
                    return frame;
                }
            }
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return null;
            }
            pump(left);
        }
    }

    /**
     * Asks and waits for the answer's payload.
     *
     * @throws RefusedException if the other side answered with a fault; the connection goes on
     * @throws IOException if the connection has ended or no answer came in time
     */
    public PayloadReader request(Verb verb, byte[] payload, long timeoutMillis) throws IOException {
        int id;
        synchronized (lock) {
            do {
                id = ++lastId;
            } while (id == 0 || answers.containsKey(id));
            answers.put(id, null);
        }
        try {
            enqueue(new Frame(verb, id, payload), OUT_LIMIT);
            Frame answer = await(id, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis));
            if (answer == null) {
                throw new IOException("no answer to " + verb + " within " + timeoutMillis + " ms");
            }
            if (answer.verb() == Verb.FAULT) {
                throw new RefusedException(answer.read().text());
            }
            return answer.read();
        } finally {
            synchronized (lock) {
                answers.remove(id);
            }
        }
    }

    /** Sends what expects no answer. */
    public void send(Verb verb, byte[] payload) throws IOException {
        enqueue(new Frame(verb, 0, payload), OUT_LIMIT);
    }

    /** Sends facts, unless the peer is so far behind that they had better be dropped; returns whether they were taken. */
    public boolean offerFacts(byte[] payload) throws IOException {
        return enqueue(new Frame(Verb.FACTS, 0, payload), FACTS_LIMIT);
    }

    public void reply(Frame request, byte[] payload) throws IOException {
        enqueue(new Frame(Verb.REPLY, request.id(), payload), OUT_LIMIT);
    }

    /** Answers that a request cannot be met. */
    public void refuse(Frame request, String why) throws IOException {
        byte[] payload = new PayloadWriter().text(why).done();
        enqueue(new Frame(Verb.FAULT, request.id(), payload), OUT_LIMIT);
    }

    /** Tries to hand all that is queued to the other side. Reading thread only; returns whether nothing is left. */
    public boolean drain(long timeoutMillis) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        while (true) {
            synchronized (lock) {
                if (out.isEmpty()) {
                    return true;
                }
            }
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            pump(left);
        }
    }

    /** Ends the connection; requests under way fail. Callable from any thread, more than once. */
    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            out.clear();
            outBytes = 0;
            lock.notifyAll();
        }
        try {
            channel.shutdownOutput(); // takes no memory: the other side hears of the end even where closing fails for
            // want of that
        } catch (IOException | NotYetConnectedException alreadyGone) {
            // nothing to undo
        }
        try (selector) {
            channel.close();
        } catch (IOException alreadyGone) {
            // nothing to undo
        }
    }

    private @Nullable Frame await(int id, long deadline) throws IOException {
        while (true) {
            long left;
            synchronized (lock) {
                Frame answer = answers.get(id);
                left = deadline - System.nanoTime();
                if (answer != null || left <= 0) {
                    return answer;
                }
                if (closed) {
                    throw ended();
                }
                if (reader != null && reader != Thread.currentThread()) {
                    pause(left);
                    continue;
                }
            }
            pump(left);
        }
    }

    private void pause(long nanos) throws IOException {
        try {
            TimeUnit.NANOSECONDS.timedWait(lock, nanos);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for an answer", interrupted);
        }
    }

    private boolean enqueue(Frame frame, int limit) throws IOException {
        ByteBuffer wire = frame.encode();
        synchronized (lock) {
            if (closed) {
                throw ended();
            }
            if (outBytes + wire.remaining() <= limit) {
                out.add(wire);
                outBytes += wire.remaining();
                flush();
                return true;
            }
        }
        if (limit < OUT_LIMIT) {
            return false;
        }
        close();
        throw new IOException("the other side has stopped reading");
    }

    /** Writes what the socket takes now; the rest waits for {@link #pump}. Needs the lock. */
    private void flush() throws IOException {
        try {
            while (!out.isEmpty()) {
                ByteBuffer first = out.element();
                outBytes -= channel.write(first);
                if (first.hasRemaining()) {
                    break;
                }
                out.remove();
            }
            int wanted = out.isEmpty() ? SelectionKey.OP_READ : SelectionKey.OP_READ | SelectionKey.OP_WRITE;
            if (key.isValid() && key.interestOps() != wanted) {
                key.interestOps(wanted);
                selector.wakeup();
            }
        } catch (IOException ended) {
            close();
            throw ended;
        }
    }

    private void pump(long nanos) throws IOException {
        boolean heard = false;
        try {
            synchronized (reading) {
                selector.select(Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos)));
                selector.selectedKeys().clear();
                heard = receive();
                synchronized (lock) {
                    flush();
                }
            }
        } catch (ClosedSelectorException | ClosedChannelException closedMeanwhile) {
            close();
            throw ended();
        } catch (IOException ended) {
            close();
            if (!heard) {
                throw ended;
            }
        }
    }

    /** The exceptions of channels say nothing. */
    private static IOException ended() {
        return new EOFException("the connection has ended");
    }

    /**
     * Takes in all that has come. What a peer said before it went counts: that it has gone is found at the next call.
     *
     * @return whether anything came
     */
    private boolean receive() throws IOException {
        boolean any = false;
        int read;
        while ((read = channel.read(room.clear())) > 0) {
            any = true;
            frames.feed(room.flip());
            for (Frame frame = frames.next(); frame != null; frame = frames.next()) {
                accept(frame);
            }
        }
        if (read < 0 && !any) {
            throw new EOFException("the other side has closed the connection");
        }
        return any;
    }

    private void accept(Frame frame) throws ProtocolException {
        boolean answer = frame.verb() == Verb.REPLY || (frame.verb() == Verb.FAULT && frame.id() != 0);
        synchronized (lock) {
            if (!answer && inbox.size() >= INBOX_LIMIT) {
                throw new ProtocolException("more than " + INBOX_LIMIT + " requests unanswered");
            }
            if (!answer) {
                inbox.add(frame);
                if (reader != Thread.currentThread()) {
                    selector.wakeup(); // the reading thread may have looked just before
                }
            } else if (answers.containsKey(frame.id())) { // else it came too late
                answers.put(frame.id(), frame);
            }
            lock.notifyAll();
        }
    }
}
