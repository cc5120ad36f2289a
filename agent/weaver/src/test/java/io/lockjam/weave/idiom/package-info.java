// SPDX-License-Identifier: Apache-2.0
/** Programs with and without races, run in a JVM of their own. */
@NullMarked
package io.lockjam.weave.idiom;

import org.jspecify.annotations.NullMarked;
