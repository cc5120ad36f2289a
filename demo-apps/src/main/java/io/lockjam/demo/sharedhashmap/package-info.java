// SPDX-License-Identifier: Apache-2.0
/** Collections that several threads change. */
@NullMarked
package io.lockjam.demo.sharedhashmap;

import org.jspecify.annotations.NullMarked;
