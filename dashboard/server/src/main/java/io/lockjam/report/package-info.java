// SPDX-License-Identifier: Apache-2.0
/** A session's findings as JSON, HTML, Markdown and SARIF. */
@NullMarked
package io.lockjam.report;

import org.jspecify.annotations.NullMarked;
