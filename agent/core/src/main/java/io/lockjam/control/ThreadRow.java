// SPDX-License-Identifier: Apache-2.0
package io.lockjam.control;

/** A thread as a value in a {@link FactRow}; what an event field of type Thread holds, as far as it is known without JFR. */
public record ThreadRow(long id, String name, boolean virtual) {}
