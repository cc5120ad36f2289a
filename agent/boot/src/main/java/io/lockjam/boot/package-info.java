// SPDX-License-Identifier: Apache-2.0
/** Hooks that instrumented code calls; lives on the boot class path. */
@NullMarked
package io.lockjam.boot;

import org.jspecify.annotations.NullMarked;
