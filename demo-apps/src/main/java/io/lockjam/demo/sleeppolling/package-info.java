// SPDX-License-Identifier: Apache-2.0
/** Waiting by sleeping and looking. */
@NullMarked
package io.lockjam.demo.sleeppolling;

import org.jspecify.annotations.NullMarked;
