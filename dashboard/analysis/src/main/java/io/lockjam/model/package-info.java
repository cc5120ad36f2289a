// SPDX-License-Identifier: Apache-2.0
/** Immutable records of what was read from the target: facts, and the things facts are about. */
@NullMarked
package io.lockjam.model;

import org.jspecify.annotations.NullMarked;
