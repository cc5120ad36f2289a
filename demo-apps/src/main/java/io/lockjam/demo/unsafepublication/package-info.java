// SPDX-License-Identifier: Apache-2.0
/** Good habits: publish an object when it is complete. */
@NullMarked
package io.lockjam.demo.unsafepublication;

import org.jspecify.annotations.NullMarked;
