// SPDX-License-Identifier: Apache-2.0
package io.lockjam.model;

/**
 * A wait in a method that a library calls back, which only such methods end.
 *
 * @param type of the library, that the callback implements
 * @param callback the method in which the thread stands
 * @param caller the library's, that runs callbacks
 */
public record CallbackWait(String type, Frame callback, Frame caller) {}
