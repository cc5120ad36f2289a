// SPDX-License-Identifier: Apache-2.0
/** A global lock: many threads, the work of one. */
@NullMarked
package io.lockjam.demo.globallock;

import org.jspecify.annotations.NullMarked;
