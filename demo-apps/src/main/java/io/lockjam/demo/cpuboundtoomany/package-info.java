// SPDX-License-Identifier: Apache-2.0
/** Number of threads for CPU-bound work: one per core. */
@NullMarked
package io.lockjam.demo.cpuboundtoomany;

import org.jspecify.annotations.NullMarked;
