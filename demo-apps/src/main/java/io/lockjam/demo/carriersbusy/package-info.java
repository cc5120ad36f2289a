// SPDX-License-Identifier: Apache-2.0
/** Virtual threads: what computes while others want its carrier. */
@NullMarked
package io.lockjam.demo.carriersbusy;

import org.jspecify.annotations.NullMarked;
