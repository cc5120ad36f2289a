// SPDX-License-Identifier: Apache-2.0
/** Number of threads: too few for the load. */
@NullMarked
package io.lockjam.demo.undersizedpool;

import org.jspecify.annotations.NullMarked;
