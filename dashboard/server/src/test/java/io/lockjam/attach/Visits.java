// SPDX-License-Identifier: Apache-2.0
package io.lockjam.attach;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Attaching as the commands do it, and looking at what is left in the target afterwards. */
final class Visits {
    private static final Pattern BRANCH = Pattern.compile("^[|\\- ]+");
    private static final Pattern THREAD = Pattern.compile("(?m)^\".*\" #\\d+ ");

    private Visits() {}

    static Attachment attach(Target target, boolean keep, Hearing hearing) throws AttachException {
        Attachment attachment = Attachment.reach(target, AttachOptions.live(Depth.LIGHT, keep), hearing);
        try {
            attachment.install();
        } catch (AttachException failed) {
            attachment.close();
            throw failed;
        }
        return attachment;
    }

    /** Recordings of ours that run in the target. */
    static List<JfrControl.Recording> ours(Target target) throws IOException, AttachException {
        try (TargetVm vm = TargetVm.open(target)) {
            JfrControl.Keep keep = new JfrControl.Keep(null, 0);
            return new JfrControl(vm, folder(target), JfrSettings.of(Depth.LIGHT), keep)
                    .recordings().stream().filter(JfrControl.Recording::ours).toList();
        }
    }

    /** Fails if a file, a recording or a thread of ours is there. */
    static void assertNothingLeft(Target target) throws IOException, AttachException {
        assertThat(folder(target).outer()).doesNotExist();
        assertThat(ours(target)).isEmpty();
        try (TargetVm vm = TargetVm.open(target)) {
            assertThat(vm.command("Thread.print")).doesNotContain("\"Lockjam ");
        }
    }

    /**
     * What an agent can leave in the memory of its target: classes of its own, as {@code VM.class_hierarchy} names them (with the identity of their
     * loader), and threads. The JDK's classes are left out, for they are loaded whenever the target first needs them; a class counts once, for the
     * JVM keeps the versions of a redefined one as long as code compiled from them lies in its code cache.
     */
    record Size(Set<String> classes, long threads) {
        static Size of(Target target) throws IOException, AttachException {
            try (TargetVm vm = TargetVm.open(target)) {
                vm.command("GC.run");
                Set<String> classes = vm.command("VM.class_hierarchy")
                        .lines()
                        .map(line -> BRANCH.matcher(line).replaceFirst(""))
                        .filter(name -> name.contains("lockjam"))
                        .collect(Collectors.toSet());
                long threads =
                        THREAD.matcher(vm.command("Thread.print")).results().count();
                return new Size(classes, threads);
            }
        }

        /** Classes that are here and were not there. */
        Set<String> beyond(Size earlier) {
            Set<String> more = new TreeSet<>(classes);
            more.removeAll(earlier.classes);
            return more;
        }
    }

    static SessionFolder folder(Target target) throws IOException {
        return SessionFolder.of(target.proc(), target.jvm().uid());
    }
}
