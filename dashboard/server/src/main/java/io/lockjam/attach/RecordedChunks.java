// SPDX-License-Identifier: Apache-2.0
package io.lockjam.attach;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The files of a JFR repository, held open: a JVM that ends in good order deletes them, one that is killed leaves the last
 * of them unfinished. Either way what they hold can still be had.
 */
final class RecordedChunks implements AutoCloseable {
    private static final long PERIOD_MILLIS = 200;

    /** Offsets in the header of a chunk, and its length; the state is 0 once a chunk is finished. */
    private static final int SIZE_AT = 8;

    private static final int STATE_AT = 64;
    private static final int HEADER = 68;
    private static final int MAGIC = 0x464c5200; // FLR

    private final long most;
    private final Set<String> foreign;
    private final Map<String, FileChannel> open = new TreeMap<>(); // names begin with the time
    private final Thread thread = new Thread(this::run, "lockjam-chunks");
    private volatile Path repository;
    private boolean closed;

    /**
     * @param repository as seen from here, before our recording starts; it may not be there yet
     * @param most bytes, as many as the recording may keep
     */
    RecordedChunks(Path repository, long most) throws IOException {
        this.repository = repository;
        this.most = most;
        this.foreign = names(repository);
    }

    /** Begins to look for what our recording writes. */
    void start(Path started) {
        repository = started;
        thread.setDaemon(true);
        thread.start();
    }

    /** Writes all that is held into a new file. */
    synchronized void write(Path file) throws IOException {
        try (FileChannel to = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (FileChannel chunk : open.values()) {
                append(chunk, to);
            }
            if (to.size() == 0) {
                throw new IOException("nothing was recorded before it ended");
            }
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        thread.interrupt();
        open.values().forEach(RecordedChunks::close);
        open.clear();
    }

    private void run() {
        while (look()) {
            try {
                Thread.sleep(PERIOD_MILLIS);
            } catch (InterruptedException closing) {
                return;
            }
        }
    }

    /** Returns false once there is nothing more to look at. */
    private synchronized boolean look() {
        if (closed) {
            return false;
        }
        try {
            for (String name : names(repository)) {
                if (!foreign.contains(name) && !open.containsKey(name)) {
                    open.put(name, FileChannel.open(repository.resolve(name), StandardOpenOption.READ));
                }
            }
            drop();
            return Files.isDirectory(repository);
        } catch (IOException ending) {
            return Files.isDirectory(repository); // deleted since it was listed
        }
    }

    /** JFR deletes the oldest as well once they are too much. */
    private void drop() throws IOException {
        long held = 0;
        for (FileChannel each : open.values()) {
            held += each.size();
        }
        while (held > most && open.size() > 1) {
            String oldest = open.keySet().iterator().next();
            FileChannel dropped = open.remove(oldest);
            if (dropped != null) {
                held -= dropped.size();
                close(dropped);
            }
        }
    }

    /** Of an unfinished chunk what was complete when it was last flushed, marked as finished. */
    private static void append(FileChannel chunk, FileChannel to) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(HEADER);
        if (chunk.read(header, 0) < HEADER || header.getInt(0) != MAGIC) {
            return;
        }
        long length = Math.min(chunk.size(), header.getLong(SIZE_AT));
        header.put(STATE_AT, (byte) 0).flip();
        while (header.hasRemaining()) {
            to.write(header);
        }
        for (long at = HEADER; at < length; ) {
            at += chunk.transferTo(at, length - at, to);
        }
    }

    private static Set<String> names(Path folder) throws IOException {
        Set<String> names = new HashSet<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.jfr")) {
            files.forEach(each -> names.add(each.getFileName().toString()));
        } catch (NoSuchFileException absent) {
            return names;
        }
        return names;
    }

    private static void close(FileChannel chunk) {
        try {
            chunk.close();
        } catch (IOException impossible) {
            return; // it was open for reading only
        }
    }
}
