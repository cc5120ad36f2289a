// SPDX-License-Identifier: Apache-2.0
/** The guided tour: three troubles of one small service. */
@NullMarked
package io.lockjam.demo.tour;

import org.jspecify.annotations.NullMarked;
