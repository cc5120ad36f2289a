// SPDX-License-Identifier: Apache-2.0
/** Event loops: never wait in one. */
@NullMarked
package io.lockjam.demo.eventloopblocked;

import org.jspecify.annotations.NullMarked;
