// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import static net.bytebuddy.matcher.ElementMatchers.named;
import static net.bytebuddy.matcher.ElementMatchers.takesArguments;

import java.util.List;

/** Tasks handed to the EnhancedQueueExecutor of jboss-threads, behind XNIO and Undertow. */
final class EnhancedQueueWeave implements TypeWeave {
    @Override
    public String type() {
        return "org.jboss.threads.EnhancedQueueExecutor";
    }

    @Override
    public List<Advised> advised() {
        return List.of(new Advised(named("execute").and(takesArguments(1)), JettyPoolWeave.ExecuteAdvice.class));
    }
}
