// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

/** A 64-bit fingerprint of class bytes, to tell whether two are the same. No provider, no class loading, any thread. */
final class Digest {
    private Digest() {}

    /** FNV-1a, with the length mixed in. */
    static long of(byte[] bytes) {
        long hash = 0xcbf29ce484222325L ^ bytes.length;
        for (byte each : bytes) {
            hash = (hash ^ (each & 0xff)) * 0x100000001b3L;
        }
        return hash;
    }
}
