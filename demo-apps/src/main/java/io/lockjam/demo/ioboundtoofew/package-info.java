// SPDX-License-Identifier: Apache-2.0
/** Number of threads for I/O-bound work: as many as wait at once. */
@NullMarked
package io.lockjam.demo.ioboundtoofew;

import org.jspecify.annotations.NullMarked;
