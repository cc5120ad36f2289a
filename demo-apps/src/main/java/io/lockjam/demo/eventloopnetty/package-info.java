// SPDX-License-Identifier: Apache-2.0
/** Netty's event loops: handlers run on them. */
@NullMarked
package io.lockjam.demo.eventloopnetty;

import org.jspecify.annotations.NullMarked;
