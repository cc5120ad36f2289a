// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Puts probes into classes from inside the target, in types that its class loader shares with the agent's: a function from
 * class files by internal name and the class to weave to its woven bytes, or to null.
 */
public final class InsideProber implements BiFunction<Function<String, byte[]>, byte[], byte @Nullable []> {
    private final @Nullable Predicate<String> predicted;

    /** @param predicted which classes take part in the order of threads, by internal name; null to catch only */
    public InsideProber(@Nullable Predicate<String> predicted) {
        this.predicted = predicted;
    }

    @Override
    public byte @Nullable [] apply(Function<String, byte[]> files, byte[] original) {
        Probed probed = new FieldProbeWeaver(files::apply, predicted).weave(original);
        return probed == null ? null : probed.bytes();
    }
}
