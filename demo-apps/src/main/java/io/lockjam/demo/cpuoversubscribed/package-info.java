// SPDX-License-Identifier: Apache-2.0
/** The scheduler: runnable threads wait for a core. */
@NullMarked
package io.lockjam.demo.cpuoversubscribed;

import org.jspecify.annotations.NullMarked;
