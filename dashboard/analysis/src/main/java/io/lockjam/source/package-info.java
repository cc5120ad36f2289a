// SPDX-License-Identifier: Apache-2.0
/** From a live JVM, a recording or {@code /proc} to the model. */
@NullMarked
package io.lockjam.source;

import org.jspecify.annotations.NullMarked;
