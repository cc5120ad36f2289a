// SPDX-License-Identifier: Apache-2.0
/** Tests of the demos, each in a JVM of its own. */
@NullMarked
package io.lockjam.demo;

import org.jspecify.annotations.NullMarked;
