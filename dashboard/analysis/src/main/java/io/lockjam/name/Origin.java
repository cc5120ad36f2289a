// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

/** What a value in a method's code was taken from. */
sealed interface Origin {
    /** Something with a name. */
    record Named(String name) implements Origin {}

    /** The object whose method it is. */
    record This() implements Origin {}

    /** An argument of the method, so the caller knows; counts from 0, the receiver not included. */
    record Parameter(int number) implements Origin {}

    /** Nothing that has a name. */
    record Unknown() implements Origin {}

    Origin UNKNOWN = new Unknown();
}
