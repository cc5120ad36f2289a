// SPDX-License-Identifier: Apache-2.0
/** The dashboard's routes, JSON shapes, live feed and static files. */
@NullMarked
package io.lockjam.web;

import org.jspecify.annotations.NullMarked;
