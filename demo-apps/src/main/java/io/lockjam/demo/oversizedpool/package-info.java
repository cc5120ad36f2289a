// SPDX-License-Identifier: Apache-2.0
/** Number of threads: too many for the load. */
@NullMarked
package io.lockjam.demo.oversizedpool;

import org.jspecify.annotations.NullMarked;
