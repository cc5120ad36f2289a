// SPDX-License-Identifier: Apache-2.0
/** Queues: producers and consumers in balance. */
@NullMarked
package io.lockjam.demo.producerconsumer;

import org.jspecify.annotations.NullMarked;
