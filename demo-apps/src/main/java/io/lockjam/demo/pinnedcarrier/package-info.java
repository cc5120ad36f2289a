// SPDX-License-Identifier: Apache-2.0
/** Virtual threads: what keeps their carrier. */
@NullMarked
package io.lockjam.demo.pinnedcarrier;

import org.jspecify.annotations.NullMarked;
