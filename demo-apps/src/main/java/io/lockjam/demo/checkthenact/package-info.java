// SPDX-License-Identifier: Apache-2.0
/** A lost update's sister: check, then act. */
@NullMarked
package io.lockjam.demo.checkthenact;

import org.jspecify.annotations.NullMarked;
