// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

/** A pool of two slots of some library; asking for a third fails after a while. */
@SuppressWarnings("try") // some of these libraries declare that their close throws anything
public interface Lender extends AutoCloseable {
    Object borrow() throws Exception;

    void give(Object slot) throws Exception;

    @Override
    void close() throws Exception;
}
