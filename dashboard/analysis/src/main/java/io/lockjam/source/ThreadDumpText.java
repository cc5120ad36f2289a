// SPDX-License-Identifier: Apache-2.0
package io.lockjam.source;

import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A thread dump of the JVM as text, in the form that jcmd's Thread.print has on 17 to 25.
 *
 * @param threads platform threads of Java code
 * @param holders by the address of a synchroniser, the name of the thread that the JVM found to hold it in a deadlock
 */
record ThreadDumpText(List<Section> threads, Map<Long, String> holders) {
    /** More threads than that are left out: a hostile recording. */
    private static final int MOST = 100_000;

    private static final Pattern THREAD =
            Pattern.compile("\"(.*)\" #(\\d+) .*\\bnid=(0x\\p{XDigit}{1,8}|\\d{1,10})\\b.*");
    private static final Pattern STATE = Pattern.compile("\\s+java\\.lang\\.Thread\\.State: (\\w+).*");
    private static final Pattern FRAME = Pattern.compile("\\s+at (.+)");
    /** Before the place of a frame: {@code java.base@17.0.15/}. */
    private static final Pattern MODULE = Pattern.compile("\\((?:[^()/]*/)+");

    private static final Pattern OBJECT = Pattern.compile(
            "\\s+- (locked|waiting to lock|parking to wait for) +<0x(\\p{XDigit}{1,16})> \\(a (\\S+)\\).*");
    private static final Pattern DEADLOCK = Pattern.compile("Found .*deadlocks?[.:].*");
    private static final Pattern SYNCHRONISER = Pattern.compile(".* ownable synchronizer 0x(\\p{XDigit}{1,16}),.*");
    private static final Pattern HOLDER = Pattern.compile("\\s+which is held by \"(.*)\".*");

    /** An object that a thread waits for or has locked; its address is one of this dump only. */
    record Thing(long address, String className) {}

    /**
     * One thread.
     *
     * @param wanted what it cannot get; null if it waits for nothing of that kind
     * @param parked whether it waits for that parked, not for a monitor
     */
    record Section(
            ThreadRef thread,
            String state,
            Stack stack,
            @Nullable Thing wanted,
            boolean parked,
            List<Thing> held) {}

    static ThreadDumpText parse(String text) {
        Parser parser = new Parser();
        text.lines().forEach(parser::line);
        parser.endThread();
        return new ThreadDumpText(parser.threads, parser.holders);
    }

    /** Goes over the lines; each thread is complete when the next one begins. */
    private static final class Parser {
        private final List<Section> threads = new ArrayList<>();
        private final Map<Long, String> holders = new HashMap<>();
        private final List<Frame> frames = new ArrayList<>();
        private final List<Thing> held = new ArrayList<>();
        private @Nullable ThreadRef thread;
        private String state = "";
        private @Nullable Thing wanted;
        private boolean parked;
        private boolean deadlocks;
        private @Nullable Long synchroniser;

        void line(String line) {
            if (deadlocks) {
                deadlock(line);
            } else if (line.startsWith("\"")) {
                endThread();
                beginThread(line);
            } else if (DEADLOCK.matcher(line).matches()) {
                endThread();
                deadlocks = true;
            } else if (thread != null) {
                inThread(line);
            }
        }

        void endThread() {
            if (thread != null && threads.size() < MOST) {
                threads.add(new Section(thread, state, new Stack(frames), wanted, parked, List.copyOf(held)));
            }
            thread = null;
            state = "";
            wanted = null;
            parked = false;
            frames.clear();
            held.clear();
        }

        private void beginThread(String line) {
            Matcher head = THREAD.matcher(line);
            if (head.matches() && head.group(2).length() < 18) {
                thread = new ThreadRef(
                        Long.parseLong(head.group(2)), Redaction.of(head.group(1)), false, Long.decode(head.group(3)));
            }
        }

        private void inThread(String line) {
            Matcher at = FRAME.matcher(line);
            Matcher object = OBJECT.matcher(line);
            Matcher is = STATE.matcher(line);
            if (at.matches()) {
                Frame frame = StackText.frame(MODULE.matcher(at.group(1)).replaceFirst("("));
                if (frame != null && frames.size() < Wire.DEEPEST_STACK) {
                    frames.add(frame);
                }
            } else if (object.matches()) {
                Thing thing = new Thing(Long.parseUnsignedLong(object.group(2), 16), ClassNames.known(object.group(3)));
                if (object.group(1).equals("locked")) {
                    held.add(thing);
                } else {
                    wanted = thing;
                    parked = object.group(1).startsWith("parking");
                }
            } else if (is.matches()) {
                state = is.group(1);
            }
        }

        private void deadlock(String line) {
            Matcher wait = SYNCHRONISER.matcher(line);
            Matcher holder = HOLDER.matcher(line);
            if (wait.matches()) {
                synchroniser = Long.parseUnsignedLong(wait.group(1), 16);
            } else if (holder.matches() && synchroniser != null) {
                holders.put(synchroniser, holder.group(1));
                synchroniser = null;
            }
        }
    }
}
