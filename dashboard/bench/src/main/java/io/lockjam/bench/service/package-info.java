// SPDX-License-Identifier: Apache-2.0
/** Servers that the load runs against: programs that know nothing of Lockjam. */
@NullMarked
package io.lockjam.bench.service;

import org.jspecify.annotations.NullMarked;
