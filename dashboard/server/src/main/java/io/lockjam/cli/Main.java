// SPDX-License-Identifier: Apache-2.0
package io.lockjam.cli;

/** The program: prints its version. */
public final class Main {
    private Main() {}

    /** Prints the version, whatever the arguments. */
    public static void main(String[] arguments) {
        System.out.println("lockjam " + Main.class.getPackage().getImplementationVersion());
    }
}
