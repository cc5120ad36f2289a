// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

/** Declares a field that {@link LockSites} inherits. */
class LockSitesParent {
    final Probe parent = new Probe();
}
