// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.window.Range;
import java.util.List;
import java.util.Map;

/**
 * What all findings have.
 *
 * @param place what makes the id stable across runs: a line, a name or both; never an identity or a thread number
 * @param evidence figures by name in camel case, in the order shown; values are numbers, strings, or lists of them
 * @param instead ids of kinds this finding replaces for the same subject, because it is more specific
 */
public record Details(
        String place,
        Range range,
        Subject subject,
        Text text,
        Impact impact,
        List<Place> where,
        List<String> threads,
        Map<String, Object> evidence,
        List<String> instead) {}
