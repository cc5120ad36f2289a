// SPDX-License-Identifier: Apache-2.0
package io.lockjam.model;

/**
 * A lock, monitor, queue or other thing waited for, as one object.
 *
 * @param className class as people know it, without the inner synchroniser: {@code java.util.concurrent.locks.ReentrantLock}
 * @param identity hexadecimal, stable while the object lives and never an address; {@code "0"} if it could not be told
 */
public record LockRef(String className, String identity) {
    public static final String UNKNOWN_IDENTITY = "0";
}
