// SPDX-License-Identifier: Apache-2.0
/** Rules, and the findings they return. */
@NullMarked
package io.lockjam.finding;

import org.jspecify.annotations.NullMarked;
