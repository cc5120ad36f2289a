// SPDX-License-Identifier: Apache-2.0
package io.lockjam.attach;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What Linux says of one process, read from {@code /proc/<pid>}. */
record ProcFolder(long pid) {
    private static final Path PROC = Path.of("/proc");

    boolean exists() {
        return Files.isDirectory(folder());
    }

    /** The process that this is a thread of; its own id as a rule, for a folder of threads is there though not listed. */
    long process() throws IOException {
        List<String> ids = status("Tgid:");
        return ids.isEmpty() ? pid : Long.parseLong(ids.get(0));
    }

    /** The effective user id as seen from here. */
    long uid() throws IOException {
        return Long.parseLong(status("Uid:").get(1));
    }

    /** The process's own idea of its id, which differs inside a container. */
    long innerPid() throws IOException {
        List<String> ids = status("NSpid:");
        return ids.isEmpty() ? pid : Long.parseLong(ids.get(ids.size() - 1));
    }

    /** Start time in clock ticks since boot: with the pid it names a process for ever. */
    long startTicks() throws IOException {
        String stat = Files.readString(folder().resolve("stat"), StandardCharsets.ISO_8859_1);
        List<String> fields = List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1));
        return Long.parseLong(fields.get(19)); // field 22 of proc(5), counted from the state
    }

    /** True if the process has ended and only waits to be collected. */
    boolean zombie() {
        try {
            return !status("State:").isEmpty() && status("State:").get(0).equals("Z");
        } catch (IOException gone) {
            return false;
        }
    }

    /** True while it is stopped by a signal or a debugger: it answers nobody then. */
    boolean stopped() {
        try {
            List<String> state = status("State:");
            return !state.isEmpty() && (state.get(0).equals("T") || state.get(0).equals("t"));
        } catch (IOException gone) {
            return false;
        }
    }

    /** Whether it handles a signal itself; true where that cannot be told. */
    boolean takes(int signal) {
        try {
            List<String> handled = status("SigCgt:");
            return handled.isEmpty() || (Long.parseUnsignedLong(handled.get(0), 16) >>> (signal - 1) & 1) == 1;
        } catch (IOException | NumberFormatException hidden) {
            return true;
        }
    }

    /** The same file as the process names by {@code inner}, whatever its mount namespace. */
    Path outer(Path inner) {
        Path seen = folder().resolve("root");
        return sharesFiles() ? inner : seen.resolve(inner.toString().substring(1));
    }

    /** Whether this process and that one see the same files under the same paths. */
    boolean sharesFiles() {
        try {
            Path self = PROC.resolve("self");
            return sameLink(self.resolve("ns/mnt"), folder().resolve("ns/mnt"))
                    && sameLink(self.resolve("root"), folder().resolve("root"));
        } catch (IOException hidden) {
            return true; // not ours to look at; attaching will fail on its own
        }
    }

    private static boolean sameLink(Path one, Path other) throws IOException {
        return Files.readSymbolicLink(one).equals(Files.readSymbolicLink(other));
    }

    /** Whether none of its threads computes, wants to or waits for a disk: then it does not even try to answer. */
    boolean idle() {
        try (Stream<Path> threads = Files.list(folder().resolve("task"))) {
            return threads.map(ProcFolder::state).noneMatch(state -> state == 'R' || state == 'D');
        } catch (IOException | UncheckedIOException gone) {
            return false;
        }
    }

    /** The letter of proc(5) for the state of a thread; a blank if it is gone. */
    private static char state(Path thread) {
        try {
            String stat = Files.readString(thread.resolve("stat"), StandardCharsets.ISO_8859_1);
            return stat.charAt(stat.lastIndexOf(')') + 2);
        } catch (IOException gone) {
            return ' ';
        }
    }

    /** Arguments it was started with; empty if it is gone or a kernel thread. */
    List<String> commandLine() {
        try {
            String all = new String(Files.readAllBytes(folder().resolve("cmdline")), StandardCharsets.UTF_8);
            return all.isEmpty() ? List.of() : List.of(all.split("\0", -1));
        } catch (IOException gone) {
            return List.of();
        }
    }

    /** The program's short name; empty if the process is gone. */
    String program() {
        try {
            return new String(Files.readAllBytes(folder().resolve("comm")), StandardCharsets.UTF_8).strip();
        } catch (IOException gone) {
            return "";
        }
    }

    /** The executable; null if this user may not know. */
    @Nullable
    Path executable() {
        try {
            return Files.readSymbolicLink(folder().resolve("exe"));
        } catch (IOException hidden) {
            return null;
        }
    }

    /** Names of the libraries that hold a virtual machine, as mapped by the process: libjvm.so, libj9vm29.so. */
    List<String> virtualMachines() {
        List<String> found = new ArrayList<>();
        try {
            for (String line : Files.readAllLines(folder().resolve("maps"), StandardCharsets.ISO_8859_1)) {
                String name = line.substring(line.lastIndexOf('/') + 1);
                if ((name.startsWith("libjvm.so") || name.startsWith("libj9vm")) && !found.contains(name)) {
                    found.add(name);
                }
            }
        } catch (IOException hidden) {
            return found;
        }
        return found;
    }

    /** Whether this user may not know which libraries it has loaded. */
    boolean hidesLibraries() {
        try (InputStream maps = Files.newInputStream(folder().resolve("maps"))) {
            return maps.read() < 0;
        } catch (IOException hidden) {
            return true;
        }
    }

    private List<String> status(String key) throws IOException {
        for (String line : Files.readAllLines(folder().resolve("status"), StandardCharsets.ISO_8859_1)) {
            if (line.startsWith(key)) {
                return List.of(line.substring(key.length()).strip().split("\\s+"));
            }
        }
        return List.of();
    }

    Path folder() {
        return PROC.resolve(Long.toString(pid));
    }
}
