// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo;

/** What a thread of a demo does once or again and again. */
@FunctionalInterface
public interface Step {
    /**
     * Does it, and returns soon.
     *
     * @throws InterruptedException when the demo ends; the thread then ends, too
     */
    void run() throws Exception;
}
