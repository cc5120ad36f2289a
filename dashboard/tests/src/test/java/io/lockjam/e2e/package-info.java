// SPDX-License-Identifier: Apache-2.0
/** Tests that start the built jars as a user would: targets in JVMs of their own, the lockjam command beside them. */
@NullMarked
package io.lockjam.e2e;

import org.jspecify.annotations.NullMarked;
