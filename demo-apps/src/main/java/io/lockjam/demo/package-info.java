// SPDX-License-Identifier: Apache-2.0
/** What the demos have in common: one concurrency concept each, runnable without the agent. */
@NullMarked
package io.lockjam.demo;

import org.jspecify.annotations.NullMarked;
