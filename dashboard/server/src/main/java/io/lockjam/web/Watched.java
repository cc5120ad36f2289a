// SPDX-License-Identifier: Apache-2.0
package io.lockjam.web;

import io.lockjam.name.SourceFiles;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One target on the dashboard: what is read from it and whether it is still there. */
public final class Watched {
    /** Where the facts come from, and whether more will come. */
    public enum State {
        /** The target runs and is watched. */
        LIVE,
        /** The target has ended; what was kept stays usable. */
        ENDED,
        /** A recording: nothing more will come. */
        RECORDED;

        String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final String id;
    private final String label;
    private final Readings readings;
    private volatile Status status;
    private volatile SourceFiles sources = SourceFiles.NONE;
    private volatile @Nullable Job job;
    private volatile Supplier<RaceSearch> races = () -> RaceSearch.OFF;

    /** @param note a sentence for the header, such as {@code order-service exited at 07:31:02}; empty if there is nothing to say */
    record Status(State state, String note) {}

    /**
     * @param id for URLs: letters, digits, dots and dashes
     * @param label what people call it: main class and pid, or a file's name
     */
    public Watched(String id, String label, State state, Readings readings) {
        this.id = id;
        this.label = label;
        this.readings = readings;
        this.status = new Status(state, "");
    }

    /** Says that no more facts will come, and why. */
    public void ended(String note) {
        status = new Status(State.ENDED, note);
    }

    /** A sentence for the header while the target lives: what is missing and the flag that would give it. */
    public void note(String note) {
        status = new Status(status.state(), note);
    }

    /** What is being done to it and takes long; null once it is done. */
    public void job(@Nullable Job work) {
        job = work;
    }

    /** Where the pages find lines of source; nowhere unless said. */
    public void sources(SourceFiles files) {
        sources = files;
    }

    /** What the search for races says of itself whenever the page asks. */
    public void races(Supplier<RaceSearch> search) {
        races = search;
    }

    public String id() {
        return id;
    }

    String label() {
        return label;
    }

    Readings readings() {
        return readings;
    }

    SourceFiles sources() {
        return sources;
    }

    RaceSearch races() {
        return races.get();
    }

    Optional<Job> job() {
        return Optional.ofNullable(job);
    }

    Status status() {
        return status;
    }
}
