// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.CallbackWait;
import io.lockjam.model.Frame;
import io.lockjam.model.ThreadRef;
import io.lockjam.model.WaitKind;
import io.lockjam.window.PoolWindow;
import io.lockjam.window.Wait;
import io.lockjam.window.WaitForGraph;
import io.lockjam.window.WaitQuery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Waits of threads of one pool for what threads of the same pool give.
 *
 * @param waiting at least one
 * @param callback in which they stand; null if earlier waits tell who gives it
 * @param earlier such waits
 */
record OwnResults(
        PoolTrouble trouble,
        List<WaitForGraph.Edge> waiting,
        @Nullable CallbackWait callback,
        int earlier) {
    private static final String CALLS = "okhttp3.";

    /** Of OkHttp's Dispatcher, for one host, unless it is told otherwise. */
    private static final int MOST_CALLS = 5;

    private static final int HISTORY = 50_000;

    /** Of threads that stand in callbacks which one method of a library runs. */
    static Optional<OwnResults> byCode(PoolTrouble trouble, List<WaitForGraph.Edge> edges) {
        Situation all = trouble.all;
        Map<String, List<WaitForGraph.Edge>> byCaller = new LinkedHashMap<>();
        Map<String, CallbackWait> callbacks = new LinkedHashMap<>();
        for (WaitForGraph.Edge edge : edges) {
            all.session()
                    .code()
                    .callbackWait(DeadlockRule.stackOf(edge, all), edge.kind())
                    .ifPresent(wait -> {
                        String caller = method(wait.caller());
                        callbacks.putIfAbsent(caller, wait);
                        byCaller.computeIfAbsent(caller, key -> new ArrayList<>())
                                .add(edge);
                    });
        }
        return byCaller.entrySet().stream()
                .max(Comparator.comparing(each -> each.getValue().size()))
                .map(most -> new OwnResults(trouble, most.getValue(), callbacks.get(most.getKey()), 0));
    }

    /** Of all threads of a pool, at whose places waits were ended before by none but threads of the pool. */
    static Optional<OwnResults> byHistory(PoolTrouble trouble, List<WaitForGraph.Edge> edges, int least) {
        if (!new OwnResults(trouble, edges, null, 0).takesWholePool()) {
            return Optional.empty();
        }
        Situation all = trouble.all;
        Set<String> places = edges.stream().map(WaitForGraph.Edge::lockId).collect(Collectors.toSet());
        String group = PoolTrouble.group(trouble.pool);
        List<Wait> ended = all
                .session()
                .waits(all.session().kept(), WaitQuery.all(HISTORY).withoutHolders())
                .stream()
                .filter(wait -> wait.ended() && places.contains(wait.lockId()))
                .toList();
        boolean everyPlace =
                ended.stream().map(Wait::lockId).collect(Collectors.toSet()).equals(places);
        boolean byOwn = ended.stream().allMatch(wait -> isOf(group, wait.releasedBy()));
        return ended.size() >= least && everyPlace && byOwn
                ? Optional.of(new OwnResults(trouble, edges, null, ended.size()))
                : Optional.empty();
    }

    private static boolean isOf(String group, @Nullable ThreadRef thread) {
        return thread != null && thread.group().equals(group);
    }

    private static String method(Frame frame) {
        return frame.className() + "." + frame.method();
    }

    /** Whether each thread of the pool is among them, and it makes no more: a fork-join pool may while its threads wait. */
    boolean takesWholePool() {
        PoolWindow pool = trouble.pool;
        return !pool.type().equals("fork-join")
                && pool.maxSize() > 0
                && pool.size() >= pool.maxSize()
                && TasksEnded.isTakenBy(ids(), trouble);
    }

    /** Whether they are calls of OkHttp, to one host, of which no more may be under way. */
    boolean takesAllCalls() {
        int most = trouble.all.pools().stream()
                .filter(pool -> pool.className().startsWith(CALLS))
                .mapToInt(PoolWindow::size)
                .max()
                .orElse(MOST_CALLS);
        return isCall()
                && waiting.stream()
                        .collect(Collectors.groupingBy(edge -> edge.waiter().label(), Collectors.counting()))
                        .values()
                        .stream()
                        .anyMatch(count -> count >= most);
    }

    private boolean isCall() {
        return callback != null && callback.caller().className().startsWith(CALLS);
    }

    /** Whether no other thread was where the library runs such a callback since the last of them began to wait. */
    boolean nobodyElseRunsOne() {
        Situation all = trouble.all;
        WaitForGraph graph = all.session().graph(all.range().to());
        WaitForGraph.Edge last = waiting.stream()
                .min(Comparator.comparing(WaitForGraph.Edge::soFar))
                .orElseThrow();
        return callback != null
                && !NobodyComes.hasVirtual(all)
                && new TasksEnded(graph, all).noneSeenThere(last, ids(), stack -> stack.isIn(callback.caller()));
    }

    private Set<Long> ids() {
        return waiting.stream().map(edge -> edge.waiter().id()).collect(Collectors.toSet());
    }

    /** The shortest wait. */
    Duration age() {
        return waiting.stream()
                .map(WaitForGraph.Edge::soFar)
                .min(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    static String threads(int waiting, int all) {
        return waiting == 1
                ? "The only thread"
                : waiting == 2 && all == 2
                        ? "Both threads"
                        : waiting >= all ? "All " + waiting + " threads" : waiting + " threads";
    }

    /** Who gives what they wait for. */
    String giver() {
        return callback == null ? "another task of theirs" : "another " + Words.simple(callback.type());
    }

    String why() {
        if (callback == null) {
            return "All " + earlier + " earlier waits at the place were ended by threads of " + trouble.pool.name()
                    + ", and each of these now waits there itself.";
        }
        return "Each stands in a %s (%s) that %s has called, and by the code nothing but a %s gives the result. No other thread has run one since%s."
                .formatted(
                        Words.simple(callback.type()),
                        callback.type(),
                        Words.simple(callback.caller().className()),
                        Words.simple(callback.type()),
                        isCall()
                                ? ": OkHttp has only so many calls to one host under way (maxRequestsPerHost), and the others queue behind them"
                                : ": the others queue behind them");
    }

    String change(String at) {
        String inner = callback == null ? "task" : Words.simple(callback.type());
        return "Do not wait for another " + inner + at
                + ": go on in the one that gives the result"
                + (waiting.get(0).kind() == WaitKind.FUTURE ? " (thenAccept, thenCompose)" : "")
                + ", or run one of the two kinds in "
                + (isCall() ? "an OkHttpClient with a Dispatcher of its own." : "a pool of its own.");
    }

    String certainty() {
        return callback == null
                ? "From who ended earlier waits, and from snapshots of all threads."
                : "Concluded from the snapshots of all threads and the code of the classes beside the one that waits.";
    }
}
