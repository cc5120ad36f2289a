// SPDX-License-Identifier: Apache-2.0
package io.lockjam.attach;

import java.io.IOException;
import java.time.Duration;

/** Takes the agent out of a target, whoever brought it in. */
public final class Detachment {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long PERIOD_MILLIS = 100;

    private Detachment() {}

    /**
     * Returns once the target is as it was; false if nothing of ours was in it.
     *
     * @throws AttachException if the target cannot be reached or the agent does not go
     */
    public static boolean from(Target target, AttachListener listener) throws AttachException, InterruptedException {
        try {
            SessionFolder folder = SessionFolder.of(target.proc(), target.jvm().uid());
            ProcessHandle other = folder.dashboard();
            boolean watched = other != null;
            if (other != null) {
                ask(target, folder, other.pid());
            }
            if (!target.alive() || !folder.agentIn()) { // else the agent was to stay in without its dashboard
                return watched || sweep(target, folder);
            }
        } catch (IOException failed) {
            throw target.failure(IoReason.withFile(failed), failed);
        }
        try (Attachment attachment = Attachment.reach(target, AttachOptions.live(Depth.LIGHT, false), listener)) {
            attachment.rejoin();
        }
        return true;
    }

    /** The lockjam process that is attached does it. */
    private static void ask(Target target, SessionFolder folder, long other)
            throws IOException, AttachException, InterruptedException {
        folder.replace(SessionFolder.LEAVE, "");
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (target.alive() && folder.dashboard() != null) {
            if (System.nanoTime() > deadline) {
                throw new AttachException(
                        "Cannot detach from " + target.label() + ": lockjam process " + other
                                + ", which is attached to it, does not react.",
                        "Let it go on with kill -CONT " + other + ", or end it with kill -9 " + other
                                + ": the agent leaves by itself after " + AttachOptions.GRACE.toSeconds() + " s.");
            }
            Thread.sleep(PERIOD_MILLIS);
        }
    }

    /** A session that was killed may have left a recording and files behind. */
    private static boolean sweep(Target target, SessionFolder folder) throws IOException, AttachException {
        try (TargetVm vm = TargetVm.open(target)) {
            JfrControl jfr =
                    new JfrControl(vm, folder, JfrSettings.of(Depth.LIGHT), new JfrControl.Keep(Duration.ZERO, 0));
            boolean recording = jfr.recordings().stream().anyMatch(JfrControl.Recording::ours);
            jfr.stop();
            folder.deleteAll();
            return recording;
        } catch (IOException noJfr) {
            folder.deleteAll();
            return false;
        }
    }
}
