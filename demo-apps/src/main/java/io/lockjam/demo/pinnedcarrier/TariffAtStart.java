// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo.pinnedcarrier;

/** A tariff that loads itself when its class is initialised: the defect. */
final class TariffAtStart {
    static final int CENTS;

    static {
        try {
            CENTS = Tariff.load();
        } catch (InterruptedException over) {
            throw new ExceptionInInitializerError(over);
        }
    }

    private TariffAtStart() {}
}
