// SPDX-License-Identifier: Apache-2.0
package io.lockjam.model;

/**
 * What a thread is to give by the code it stands in, once it gets on.
 *
 * @param kind of the waits that it would end
 * @param name as the code knows what is waited for
 * @param place the method that gives it, as class and name
 * @param taken whether by its code the thread has taken it itself, so that it holds it; false for a signal
 * @param onlyAfter whether the method gives it only after the call in which the thread stands, whatever way it goes
 */
public record Owed(WaitKind kind, String name, String place, boolean taken, boolean onlyAfter) {}
