// SPDX-License-Identifier: Apache-2.0
package io.lockjam.bench.load;

import java.io.IOException;
import java.sql.SQLException;

/** One connection to the service under load, used by one thread. */
interface Client extends AutoCloseable {
    /** Sends one request and reads the whole answer. */
    void call() throws Exception;

    @Override
    void close() throws IOException, SQLException;
}
