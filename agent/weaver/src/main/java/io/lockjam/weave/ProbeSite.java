// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

/**
 * A probe that was put in.
 *
 * @param use what the probe is called with, bits as in {@code io.lockjam.boot.Use}; 0 for a lock
 * @param target declaring.class.field descriptor, owner.method of a call, [] of an array element, lock
 */
public record ProbeSite(String className, String method, int line, String target, int use) {}
