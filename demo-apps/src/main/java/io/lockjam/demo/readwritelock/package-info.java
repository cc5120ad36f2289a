// SPDX-License-Identifier: Apache-2.0
/** Read and write locks: readers can share. */
@NullMarked
package io.lockjam.demo.readwritelock;

import org.jspecify.annotations.NullMarked;
