// SPDX-License-Identifier: Apache-2.0
/** What single operations cost with the agent loaded and without. */
@NullMarked
package io.lockjam.bench.jmh;

import org.jspecify.annotations.NullMarked;
