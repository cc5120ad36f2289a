// SPDX-License-Identifier: Apache-2.0
package io.lockjam.cli;

/** The exit codes that scripts can rely on. */
final class Exit {
    static final int DONE = 0;
    static final int FINDINGS = 1;
    static final int USAGE = 2;
    static final int NO_TARGET = 3;
    static final int BAD_INPUT = 4;
    static final int TARGET_ENDED = 5;
    /** EX_SOFTWARE of sysexits.h: a bug of ours. */
    static final int BUG = 70;
    /** 128 + SIGINT, as shells count. */
    static final int INTERRUPTED = 130;

    private Exit() {}
}
