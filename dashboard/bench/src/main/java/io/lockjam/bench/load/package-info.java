// SPDX-License-Identifier: Apache-2.0
/** CPU of a server for each operation, with Lockjam awake and asleep by turns. */
@NullMarked
package io.lockjam.bench.load;

import org.jspecify.annotations.NullMarked;
