// SPDX-License-Identifier: Apache-2.0
/** Wait and notify: a signal nobody waited for is gone. */
@NullMarked
package io.lockjam.demo.lostwakeup;

import org.jspecify.annotations.NullMarked;
