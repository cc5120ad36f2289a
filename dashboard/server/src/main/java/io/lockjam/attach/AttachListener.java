// SPDX-License-Identifier: Apache-2.0
package io.lockjam.attach;

import io.lockjam.control.FactRow;
import java.util.List;

/** What somebody who is attached hears. Called from threads of the attachment; must return soon. */
public interface AttachListener {
    /** A step of the attaching begins; a few words. */
    void stage(String what);

    /** Something works less well than asked for; one sentence. */
    void warn(String sentence);

    /** Facts that came over the control connection because there is no room for a recording. */
    void facts(List<FactRow> rows);

    /** It is over without our doing; called at most once. */
    void ended(End end);

    /** Ways an attachment ends without our doing. */
    enum End {
        /** The target's process is gone. */
        TARGET_ENDED,
        /** {@code lockjam detach} asked for it. */
        ASKED_TO_LEAVE,
        /** The agent is out, but the target lives. */
        AGENT_LEFT
    }
}
