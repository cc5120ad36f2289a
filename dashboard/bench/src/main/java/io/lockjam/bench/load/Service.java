// SPDX-License-Identifier: Apache-2.0
package io.lockjam.bench.load;

import io.lockjam.bench.service.H2Service;
import io.lockjam.bench.service.TomcatService;

/** What can be put under load. */
enum Service {
    H2(H2Service.class) {
        @Override
        void prepare(int port) throws Exception {
            H2Client.prepare(port);
        }

        @Override
        Client open(int port, int seed) throws Exception {
            return new H2Client(port, seed);
        }
    },
    TOMCAT(TomcatService.class) {
        @Override
        void prepare(int port) {}

        @Override
        Client open(int port, int seed) throws Exception {
            return new HttpClient(port, seed);
        }
    };

    private final Class<?> main;

    Service(Class<?> main) {
        this.main = main;
    }

    String main() {
        return main.getName();
    }

    abstract void prepare(int port) throws Exception;

    abstract Client open(int port, int seed) throws Exception;
}
