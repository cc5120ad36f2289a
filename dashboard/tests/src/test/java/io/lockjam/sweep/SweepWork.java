// SPDX-License-Identifier: Apache-2.0
package io.lockjam.sweep;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.TimeUnit;

/** What a task of the sweep does, for as long as a random length times its mean. */
interface SweepWork {
    /**
     * Runs one task.
     *
     * @param length of this task; 1 is the mean
     */
    void run(double length);

    /** What a task of length 1 does, first the one and then the other. */
    record Means(double computeMillis, double waitMillis) {
        static Means of(String name) {
            return switch (name) {
                case "cpu" -> new Means(4, 0);
                case "mixed" -> new Means(4, 12);
                default -> new Means(0, 20);
            };
        }
    }

    static SweepWork of(String name) throws IOException {
        Means means = Means.of(name);
        return switch (name) {
            case "cpu", "sleep", "mixed" ->
                length -> {
                    compute(means.computeMillis() * length);
                    sleep(means.waitMillis() * length);
                };
            case "socket" -> new RemoteWork(means);
            default -> throw new IllegalArgumentException("work: expected cpu, sleep, socket or mixed, got " + name);
        };
    }

    private static void sleep(double millis) {
        try {
            TimeUnit.NANOSECONDS.sleep((long) (millis * 1e6));
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }

    /** For as long on a core, whoever else wants it; a clock would count the time without one as work. */
    private static void compute(double millis) {
        Spin.rounds((long) (millis * Spin.ROUNDS_PER_MILLI));
    }

    /** Computing that the compiler cannot leave out. */
    final class Spin {
        static final double ROUNDS_PER_MILLI = calibrate();

        @SuppressWarnings("UnusedVariable") // written so that the computing counts
        private static volatile long sink;

        private Spin() {}

        static void rounds(long rounds) {
            long value = 0x9E3779B97F4A7C15L;
            for (long i = 0; i < rounds; i++) {
                value ^= value << 13;
                value ^= value >>> 7;
                value ^= value << 17;
            }
            sink = value;
        }

        /** The best of many short runs: one that lost its core is no measure. */
        private static double calibrate() {
            double best = 1;
            for (int i = 0; i < 3_000; i++) {
                long begin = System.nanoTime();
                rounds(20_000);
                best = Math.max(best, 20_000 * 1e6 / Math.max(1, System.nanoTime() - begin));
            }
            return best;
        }
    }

    /** Asks a server on loopback, over a connection for each thread, that answers after the time asked for. */
    final class RemoteWork implements SweepWork {
        private final ServerSocket server = new ServerSocket(0, 500, InetAddress.getLoopbackAddress());
        private final ThreadLocal<Socket> lines = ThreadLocal.withInitial(this::connect);

        private final double meanMillis;

        RemoteWork(Means means) throws IOException {
            this.meanMillis = means.waitMillis();
            start(() -> {
                while (true) {
                    Socket line = server.accept();
                    line.setTcpNoDelay(true);
                    start(() -> serve(line));
                }
            });
        }

        @Override
        public void run(double length) {
            try {
                Socket line = lines.get();
                line.getOutputStream().write((int) Math.min(250, Math.round(meanMillis * length)));
                if (line.getInputStream().read() < 0) {
                    throw new IOException("closed");
                }
            } catch (IOException lost) {
                throw new UncheckedIOException(lost);
            }
        }

        private Socket connect() {
            try {
                Socket line = new Socket(server.getInetAddress(), server.getLocalPort());
                line.setTcpNoDelay(true);
                return line;
            } catch (IOException refused) {
                throw new UncheckedIOException(refused);
            }
        }

        private static void serve(Socket line) throws IOException {
            for (int millis = line.getInputStream().read();
                    millis >= 0;
                    millis = line.getInputStream().read()) {
                sleepMillis(millis);
                line.getOutputStream().write(1);
            }
        }

        private static void sleepMillis(int millis) {
            SweepWork.sleep(millis);
        }

        /** Runs a body that may fail. */
        interface Body {
            void run() throws IOException;
        }

        private static void start(Body body) {
            Thread thread = new Thread(
                    () -> {
                        try {
                            body.run();
                        } catch (IOException over) {
                            Thread.currentThread().interrupt();
                        }
                    },
                    "remote");
            thread.setDaemon(true);
            thread.start();
        }
    }
}
