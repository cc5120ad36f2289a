// SPDX-License-Identifier: Apache-2.0
package io.lockjam.control;

/**
 * A class as the JVM hands it to the agent's transformer, changes by other agents included ({@link Verb#BYTES}).
 *
 * @param name internal name, java/util/concurrent/locks/LockSupport
 * @param loader identity hash of its class loader; 0 for the boot loader
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, never changed once sent
public record ClassBytes(String name, int loader, byte[] bytes) {
    public byte[] write() {
        return new PayloadWriter().text(name).integer(loader).bytes(bytes).done();
    }

    public static ClassBytes read(PayloadReader in) throws ProtocolException {
        String name = in.text();
        int loader = in.integer();
        byte[] bytes = in.bytes();
        if (bytes == null) {
            throw new ProtocolException(name + " has no bytes");
        }
        return new ClassBytes(name, loader, bytes);
    }
}
