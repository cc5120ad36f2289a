// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Another service on loopback that answers each one-byte request after a fixed time. */
public final class RemoteService {
    private final Stage stage;
    private final ServerSocket server;
    private final long answersAfterMillis;

    private RemoteService(Stage stage, ServerSocket server, long answersAfterMillis) {
        this.stage = stage;
        this.server = server;
        this.answersAfterMillis = answersAfterMillis;
    }

    /** Starts the service; it ends with the stage. */
    public static RemoteService start(Stage stage, long answersAfterMillis) throws IOException {
        ServerSocket server = stage.closing(new ServerSocket(0, 200, InetAddress.getLoopbackAddress()));
        RemoteService service = new RemoteService(stage, server, answersAfterMillis);
        stage.loop("remote-accept", service::accept);
        return service;
    }

    /** Opens a connection; it closes with the stage. */
    public Client connect() throws IOException {
        Socket socket = stage.closing(new Socket(server.getInetAddress(), server.getLocalPort()));
        socket.setTcpNoDelay(true);
        return new Client(socket);
    }

    private void accept() throws IOException {
        Socket socket = stage.closing(server.accept());
        socket.setTcpNoDelay(true);
        stage.thread("remote-" + socket.getPort(), () -> {
            for (int request = socket.getInputStream().read();
                    request >= 0;
                    request = socket.getInputStream().read()) {
                Thread.sleep(answersAfterMillis);
                socket.getOutputStream().write(request);
            }
        });
    }

    /** One connection to the service, for one thread at a time. */
    public static final class Client {
        private final Socket socket;

        private Client(Socket socket) {
            this.socket = socket;
        }

        /** Sends {@code request} and waits for the answer on the socket. */
        public int call(int request) throws IOException {
            socket.getOutputStream().write(request);
            return socket.getInputStream().read();
        }
    }
}
