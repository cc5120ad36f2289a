// SPDX-License-Identifier: Apache-2.0
package io.lockjam.model;

/**
 * What the loop around a wait looks at, and a method that changes it, while no code gives the signal that would end the wait.
 *
 * @param looksAt the field, as class and name
 * @param changed where the method changes it
 */
public record Unsignalled(String looksAt, Frame changed) {}
