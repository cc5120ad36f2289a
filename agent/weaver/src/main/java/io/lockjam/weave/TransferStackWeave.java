// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import static net.bytebuddy.matcher.ElementMatchers.named;
import static net.bytebuddy.matcher.ElementMatchers.takesArguments;

import java.util.List;

/** Hand-offs of an unfair SynchronousQueue in JDKs that keep them in this class; {@link DualNodeWeave} has the later ones. */
final class TransferStackWeave implements TypeWeave {
    @Override
    public String type() {
        return "java.util.concurrent.SynchronousQueue$TransferStack";
    }

    @Override
    public List<Preceded> preceded() {
        // E transfer(E, boolean timed, long nanos); the bridge with an erased E has no waiting call
        return List.of(new Preceded(named("transfer").and(takesArguments(3)), new CallSite.TransferPark()));
    }
}
