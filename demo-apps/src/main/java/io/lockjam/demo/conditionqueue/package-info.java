// SPDX-License-Identifier: Apache-2.0
/** Conditions: who waits for what. */
@NullMarked
package io.lockjam.demo.conditionqueue;

import org.jspecify.annotations.NullMarked;
