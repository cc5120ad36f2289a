// SPDX-License-Identifier: Apache-2.0
/** A lock that many threads want often. */
@NullMarked
package io.lockjam.demo.hotlock;

import org.jspecify.annotations.NullMarked;
