// SPDX-License-Identifier: Apache-2.0
/** How many threads a load needs: queueing theory on measured numbers, without any notion of where they came from. */
@NullMarked
package io.lockjam.sizing;

import org.jspecify.annotations.NullMarked;
