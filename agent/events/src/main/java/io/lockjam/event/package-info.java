// SPDX-License-Identifier: Apache-2.0
/**
 * The JFR event types that carry everything Lockjam sees out of the target: the contract between agent and dashboard.
 *
 * <p>Loaded by the boot loader, so that woven JDK classes reach them. Fields are filled by hooks; a field may be null
 * where its description says so. Times are nanoseconds. Identities are {@link System#identityHashCode} values: stable
 * while the object lives, never an address.
 */
package io.lockjam.event;
