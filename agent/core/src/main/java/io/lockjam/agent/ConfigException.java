// SPDX-License-Identifier: Apache-2.0
package io.lockjam.agent;

/** Settings that cannot be meant; the message names the key, what was expected and what was found. */
final class ConfigException extends Exception {
    private static final long serialVersionUID = 1;

    ConfigException(String message) {
        super(message);
    }
}
