// SPDX-License-Identifier: Apache-2.0
/** Ground truth: programs that wait for a known time on one primitive each and add their own waits up. */
@NullMarked
package io.lockjam.demo.truth;

import org.jspecify.annotations.NullMarked;
