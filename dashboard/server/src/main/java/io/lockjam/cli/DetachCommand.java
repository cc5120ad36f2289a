// SPDX-License-Identifier: Apache-2.0
package io.lockjam.cli;

import io.lockjam.attach.AttachException;
import io.lockjam.attach.AttachListener;
import io.lockjam.attach.Detachment;
import io.lockjam.attach.Target;
import io.lockjam.control.FactRow;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code lockjam detach}: takes the agent out again. */
@Command(
        name = "detach",
        description = "Takes the agent out: every class back to its original bytes, recording stopped, threads gone.",
        mixinStandardHelpOptions = true)
final class DetachCommand implements Callable<Integer>, AttachListener {
    @Parameters(paramLabel = "PID|NAME", description = "Process id, main class or jar of the JVM.")
    private String target = "";

    @Mixin
    private Console console = new Console();

    @Override
    public Integer call() throws AttachException, InterruptedException {
        Target found = Target.resolve(target);
        boolean wasIn = Detachment.from(found, this);
        console.step(wasIn ? "Detached from " + found.label() + "." : "Nothing of ours is in " + found.label() + ".");
        return Exit.DONE;
    }

    @Override
    public void stage(Stage stage) {
        console.detail(stage.words());
    }

    @Override
    public void warn(String sentence) {
        console.warn(sentence);
    }

    @Override
    public void facts(List<FactRow> rows) {}

    @Override
    public void ended(End end) {}
}
