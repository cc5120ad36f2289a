// SPDX-License-Identifier: Apache-2.0
/** Names for locks and fields, read from class files. */
@NullMarked
package io.lockjam.name;

import org.jspecify.annotations.NullMarked;
