// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import java.util.List;

/**
 * A class with probes.
 *
 * @param bytes the woven class file
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Probed(byte[] bytes, List<ProbeSite> sites) {}
