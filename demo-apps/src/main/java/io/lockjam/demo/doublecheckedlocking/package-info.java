// SPDX-License-Identifier: Apache-2.0
/** Good habits: lazy loading that is safe. */
@NullMarked
package io.lockjam.demo.doublecheckedlocking;

import org.jspecify.annotations.NullMarked;
