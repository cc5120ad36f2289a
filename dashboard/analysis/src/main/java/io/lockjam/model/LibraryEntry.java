// SPDX-License-Identifier: Apache-2.0
package io.lockjam.model;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where the application calls into a library, beneath which one side of a race lies.
 *
 * @param called the method of the library that it calls
 * @param caller the application's line
 * @param from the stack from the call on, innermost first; the called method alone where the line does not call it itself
 */
public record LibraryEntry(Frame called, Frame caller, Stack from) {
    /** Runtimes of languages: what stands next to the application's line is the language, not an object that is shared. */
    private static final List<String> LANGUAGES =
            List.of("groovy.", "org.codehaus.groovy.", "org.apache.groovy.", "kotlin.", "scala.runtime.");

    /** Frames that tell one object from another where one line is reached in several ways. */
    private static final int CALLERS = 4;

    /** Empty if the access is the application's own, or if no line of the application calls the library. */
    public static Optional<LibraryEntry> of(Fact.Access side) {
        return of(side.stack());
    }

    /** As of a side of a race: of any stack that begins in a library or the JDK. */
    public static Optional<LibraryEntry> of(Stack stack) {
        List<Frame> frames = stack.frames();
        int last = -1;
        for (int i = 0; i < frames.size(); i++) {
            Frame frame = frames.get(i);
            if (!frame.isJdk() && !Libraries.has(frame.className())) {
                return last < 0 || LANGUAGES.stream().anyMatch(frames.get(last).className()::startsWith)
                        ? Optional.empty()
                        : Optional.of(new LibraryEntry(frames.get(last), frame, from(frames, last, i)));
            }
            last = frame.isJdk() ? last : i;
        }
        return Optional.empty();
    }

    /** What the caller's line calls may be an interface's method that leads to the library's; where the JDK lies between, as a loop over elements, it is not known. */
    private static Stack from(List<Frame> frames, int called, int caller) {
        boolean led = frames.get(caller - 1).className().startsWith("javax.");
        boolean direct = led || called == caller - 1;
        return new Stack(direct ? frames.subList(caller - 1, frames.size()) : frames.subList(called, called + 1));
    }

    /** Whether what both sides do stands in code of libraries. */
    public static boolean isOfLibraries(Fact.RaceSeen race) {
        return Stream.of(race.first(), race.second())
                .allMatch(side -> side.stack().frames().stream()
                        .filter(frame -> !frame.isJdk())
                        .findFirst()
                        .filter(frame -> Libraries.has(frame.className()))
                        .isPresent());
    }

    /** The form of {@link Fact.Named#site} for what the call is made on. */
    public String site() {
        return "enters "
                + from.frames().stream()
                        .limit(CALLERS)
                        .map(frame -> frame.className() + "." + frame.method() + ":" + frame.line())
                        .collect(Collectors.joining(Fact.Access.CALLED_FROM));
    }
}
