// SPDX-License-Identifier: Apache-2.0
/** Users of pools of real libraries, loaded together with the woven library. */
@NullMarked
package io.lockjam.weave.library;

import org.jspecify.annotations.NullMarked;
