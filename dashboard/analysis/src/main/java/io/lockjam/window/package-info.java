// SPDX-License-Identifier: Apache-2.0
/** Rolling state: wait-for graph, lock order, pool windows. */
@NullMarked
package io.lockjam.window;

import org.jspecify.annotations.NullMarked;
