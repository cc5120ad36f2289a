// SPDX-License-Identifier: Apache-2.0
package io.lockjam.attach;

import io.lockjam.control.FactRow;
import java.util.List;

/** What somebody who is attached hears. Called from threads of the attachment; must return soon. */
public interface AttachListener {
    /** A step of the attaching begins, or with {@link Stage#DONE} all of them are over. */
    void stage(Stage stage);

    /** Something works less well than asked for; one sentence. */
    void warn(String sentence);

    /** Facts that came over the control connection because there is no room for a recording. */
    void facts(List<FactRow> rows);

    /** It is over without our doing; called at most once. */
    void ended(End end);

    /** Steps of the attaching, in their order. */
    enum Stage {
        WAY_IN("opening the way in"),
        RECORDING("starting the recording"),
        AGENT("loading the agent"),
        HOOKS("weaving the hooks"),
        DONE("attached");

        private final String words;

        Stage(String words) {
            this.words = words;
        }

        public String words() {
            return words;
        }
    }

    /** Ways an attachment ends without our doing. */
    enum End {
        /** The target's process is gone. */
        TARGET_ENDED,
        /** {@code lockjam detach} asked for it. */
        ASKED_TO_LEAVE,
        /** The agent is out, but the target lives. */
        AGENT_LEFT,
        /** There is no more room for a recording that was to be a file; what there is can be rescued. */
        RECORDING_ENDED
    }
}
