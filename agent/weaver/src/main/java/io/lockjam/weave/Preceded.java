// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import net.bytebuddy.description.method.MethodDescription;
import net.bytebuddy.matcher.ElementMatcher;

/** A method whose waiting calls are preceded by a call of a hook; all its other instructions stay. */
record Preceded(ElementMatcher<? super MethodDescription> method, CallSite site) {}
