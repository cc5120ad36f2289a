// SPDX-License-Identifier: Apache-2.0
package io.lockjam.cli;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Standard output; knows whether who reads it has gone, as {@code head} does: then it has had what it wanted. */
final class StandardOutput extends FilterOutputStream {
    private volatile boolean readerGone;

    StandardOutput(OutputStream out) {
        super(out);
    }

    boolean readerGone() {
        return readerGone;
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        try {
            out.write(bytes, from, length);
        } catch (IOException failed) {
            readerGone = "Broken pipe".equals(failed.getMessage());
            throw failed;
        }
    }
}
