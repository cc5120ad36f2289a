// SPDX-License-Identifier: Apache-2.0
/** A lost update: read, add, write is three steps. */
@NullMarked
package io.lockjam.demo.lostupdate;

import org.jspecify.annotations.NullMarked;
