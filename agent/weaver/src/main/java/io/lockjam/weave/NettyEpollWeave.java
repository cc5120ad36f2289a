// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import static net.bytebuddy.matcher.ElementMatchers.isNative;
import static net.bytebuddy.matcher.ElementMatchers.isStatic;
import static net.bytebuddy.matcher.ElementMatchers.nameMatches;
import static net.bytebuddy.matcher.ElementMatchers.not;

import java.util.List;

/** Netty's own epoll, which its loops on Linux use instead of a selector; 4.1 and 4.2 have the same static methods. */
final class NettyEpollWeave implements TypeWeave {
    @Override
    public String type() {
        return "io.netty.channel.epoll.Native";
    }

    @Override
    public List<Advised> advised() {
        // public static int epollWait(...) in several forms, one of which calls another; epollBusyWait
        return List.of(new Advised(
                nameMatches("epoll(Busy)?Wait").and(isStatic()).and(not(isNative())), SelectorWeave.PollAdvice.class));
    }
}
