// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketAddress;

/** Guests of a shop's server on loopback: a byte asks for something, the same byte is the answer. */
public final class ShopGuests {
    /** Asks for a page, at once. */
    public static final byte PAGE = 'p';

    /** Asks for a report, which another service makes. */
    public static final byte REPORT = 'r';

    private static final int SHOPPERS = 6;

    private ShopGuests() {}

    /** Lets six shoppers in who read page after page, and one accountant who wants reports; returns how long a page took at worst. */
    public static Worst letIn(Stage stage, SocketAddress server) throws IOException {
        Worst slowest = new Worst();
        for (int i = 1; i <= SHOPPERS; i++) {
            Socket line = connect(stage, server);
            stage.loop("shopper-" + i, () -> {
                long begin = System.nanoTime();
                ask(line, PAGE);
                slowest.since(begin);
                Work.remoteCall(10); // reads the page
            });
        }
        Socket line = connect(stage, server);
        stage.loop("accountant", () -> {
            ask(line, REPORT);
            Work.remoteCall(200);
        });
        return slowest;
    }

    private static Socket connect(Stage stage, SocketAddress server) throws IOException {
        Socket socket = stage.closing(new Socket());
        socket.connect(server);
        socket.setTcpNoDelay(true);
        return socket;
    }

    private static void ask(Socket line, byte question) throws IOException {
        line.getOutputStream().write(question);
        if (line.getInputStream().read() != question) {
            throw new IOException("the shop closed");
        }
    }
}
