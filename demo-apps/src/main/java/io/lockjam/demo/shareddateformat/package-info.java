// SPDX-License-Identifier: Apache-2.0
/** Good habits: know which classes may be shared. */
@NullMarked
package io.lockjam.demo.shareddateformat;

import org.jspecify.annotations.NullMarked;
