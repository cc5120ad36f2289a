// SPDX-License-Identifier: Apache-2.0
package io.lockjam.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code lockjam completion}: the shell's completion script. */
@Command(
        name = "completion",
        description = "Prints a completion script: source <(lockjam completion bash)",
        mixinStandardHelpOptions = true)
final class CompletionCommand implements Callable<Integer> {
    /** Shells we know; picocli's bash script turns on zsh's bashcompinit by itself. */
    enum Shell {
        BASH,
        ZSH
    }

    @Parameters(paramLabel = "bash|zsh", description = "The shell.")
    private Shell shell = Shell.BASH;

    @Override
    public Integer call() {
        String script = AutoComplete.bash("lockjam", Main.commandLine());
        System.out.println(
                switch (shell) {
                    case BASH -> script;
                    case ZSH -> "autoload -U +X compinit && compinit\n" + script;
                });
        return Exit.DONE;
    }
}
