// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import net.bytebuddy.description.method.MethodDescription;
import net.bytebuddy.matcher.ElementMatcher;

/**
 * A method that gets an advice.
 *
 * @param method the method in the original class; a method that this JDK does not have is no fault
 * @param advice class whose annotated methods are copied into it
 */
record Advised(ElementMatcher<? super MethodDescription> method, Class<?> advice) {}
