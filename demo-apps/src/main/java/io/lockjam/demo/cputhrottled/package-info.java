// SPDX-License-Identifier: Apache-2.0
/** The quota of a control group: stopped on an idle machine. */
@NullMarked
package io.lockjam.demo.cputhrottled;

import org.jspecify.annotations.NullMarked;
