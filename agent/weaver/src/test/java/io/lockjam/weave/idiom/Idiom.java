// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave.idiom;

import java.util.List;
import java.util.Map;

/** One way of sharing; steps are made by three threads at once, again and again. */
interface Idiom {
    /** @param thread 0 to 2 */
    void step(int thread) throws Exception;

    /** Threads that step through each idiom. */
    int THREADS = 3;

    /** Starts the threads of all of them; they run until the JVM ends. */
    static void runAll(Map<String, Idiom> idioms) {
        idioms.forEach((name, idiom) -> List.of(0, 1, 2).forEach(number -> start(name, idiom, number)));
    }

    private static void start(String name, Idiom idiom, int number) {
        Thread thread = new Thread(() -> loop(name, idiom, number), name + "-" + number);
        thread.setDaemon(true);
        thread.start();
    }

    private static void loop(String name, Idiom idiom, int number) {
        try {
            for (long i = 0; ; i++) {
                idiom.step(number);
                if ((i & 63) == 63) {
                    Thread.sleep(0, 200_000); // lets others have the cores
                }
            }
        } catch (Exception | Error failed) {
            System.out.println("FAILED " + name + " " + failed);
            failed.printStackTrace();
        }
    }
}
