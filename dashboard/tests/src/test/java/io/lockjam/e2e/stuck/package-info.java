// SPDX-License-Identifier: Apache-2.0
/** The program that stands still in many ways at once. */
@NullMarked
package io.lockjam.e2e.stuck;

import org.jspecify.annotations.NullMarked;
