// SPDX-License-Identifier: Apache-2.0
package io.lockjam.cli;

import io.lockjam.control.RefusedException;
import io.lockjam.name.ClassBytes;
import io.lockjam.name.ClassPathBytes;
import java.io.EOFException;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Class files of the target, found where it loaded them from, else asked of the agent.
 *
 * <p>An agent that does not answer in time is busy, as with a window of probes on a crowded machine. It is left alone then, since others wait while we
 * ask; what was concluded without those class files is not to be kept.
 */
final class TargetBytes implements ClassBytes, AutoCloseable {
    private static final long REST_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Agent agent;
    private final ClassPathBytes files;
    private final BiConsumer<String, String> learnt;
    private final LongSupplier nanoTime;
    private final Set<String> known = ConcurrentHashMap.newKeySet();
    /** Whether something could not be asked for. */
    private boolean missed;

    private long restsUntil;

    /** What the agent is asked for; names with dots. */
    interface Agent {
        /** Where a class was loaded from; empty where not known. */
        String origin(String className) throws IOException;

        byte @Nullable [] classFile(String className) throws IOException;
    }

    /** @param learnt told of each class where it was loaded from, if that is known */
    TargetBytes(Agent agent, ClassPathBytes files, BiConsumer<String, String> learnt, LongSupplier nanoTime) {
        this.agent = agent;
        this.files = files;
        this.learnt = learnt;
        this.nanoTime = nanoTime;
        restsUntil = nanoTime.getAsLong();
    }

    /** Whether what could not be asked for may be asked for now; says so once. */
    synchronized boolean asksAnew() {
        boolean anew = missed && !rests();
        missed &= !anew;
        return anew;
    }

    /** Where a class was loaded from; empty where not known. */
    String origin(String className) {
        return Objects.requireNonNullElse(asked(className), "");
    }

    /** Null if it cannot be asked for now. */
    private @Nullable String asked(String className) {
        if (rests()) {
            miss();
            return null;
        }
        try {
            return agent.origin(className);
        } catch (IOException why) {
            return failed(why) ? null : "";
        }
    }

    @Override
    public List<String> beside(String className, String prefix) {
        learn(className);
        List<String> found = files.beside(className, prefix);
        found.stream().filter(known::add).forEach(each -> files.sameOrigin(each, className));
        return found;
    }

    @Override
    public byte @Nullable [] of(String className) {
        learn(className);
        byte[] onDisk = files.of(className);
        if (onDisk != null) {
            return onDisk;
        }
        if (rests()) {
            miss();
            return null;
        }
        try {
            return agent.classFile(className);
        } catch (IOException why) {
            failed(why);
            return null;
        }
    }

    @Override
    public void close() {
        files.close();
    }

    private void learn(String className) {
        String location = known.contains(className) ? null : asked(className);
        if (location != null && known.add(className) && !location.isEmpty()) {
            files.origin(className, location);
            learnt.accept(className, location);
        }
    }

    private synchronized boolean rests() {
        return nanoTime.getAsLong() - restsUntil < 0;
    }

    private synchronized void miss() {
        missed = true;
    }

    /** Returns whether it may answer later: one that refuses or has gone will not. */
    private synchronized boolean failed(IOException why) {
        boolean busy = !(why instanceof RefusedException || why instanceof EOFException);
        if (busy) {
            missed = true;
            restsUntil = nanoTime.getAsLong() + REST_NANOS;
        }
        return busy;
    }
}
