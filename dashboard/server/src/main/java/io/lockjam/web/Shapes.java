// SPDX-License-Identifier: Apache-2.0
package io.lockjam.web;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lockjam.model.Frame;
import io.lockjam.model.Histogram;
import io.lockjam.model.LockRef;
import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import io.lockjam.model.WaitKind;
import io.lockjam.window.Flame;
import io.lockjam.window.Holder;
import io.lockjam.window.Range;
import java.time.Duration;
import java.util.Collection;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** JSON of the small things that several routes serve. Texts of the target go out as they are: the page shows them as text. */
final class Shapes {
    static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final int DEEPEST_STACK = 96;

    private Shapes() {}

    static ObjectNode object() {
        return JSON.objectNode();
    }

    static <T> ArrayNode array(
            Collection<T> items, Function<? super T, ? extends com.fasterxml.jackson.databind.JsonNode> shape) {
        ArrayNode array = JSON.arrayNode(items.size());
        items.forEach(item -> array.add(shape.apply(item)));
        return array;
    }

    static ObjectNode range(Range range) {
        return object().put("from", range.from().toEpochMilli())
                .put("to", range.to().toEpochMilli())
                .put("seconds", range.seconds());
    }

    /** The id of the page that tells of what is waited for: a queue has one page for both its ends. */
    static String pageId(WaitKind kind, LockRef lock, String lockId) {
        return kind.isQueue() ? "queue-" + lock.identity() : lockId;
    }

    static @Nullable ObjectNode thread(@Nullable ThreadRef thread) {
        return thread == null
                ? null
                : object().put("id", thread.id())
                        .put("name", thread.label())
                        .put("group", thread.group())
                        .put("virtual", thread.virtual());
    }

    static @Nullable ObjectNode frame(@Nullable Frame frame) {
        return frame == null
                ? null
                : object().put("class", frame.className())
                        .put("method", frame.method())
                        .put("line", frame.line())
                        .put("file", frame.file())
                        .put("jdk", frame.isJdk());
    }

    static ArrayNode stack(Stack stack) {
        return array(stack.shown().stream().limit(DEEPEST_STACK).toList(), Shapes::frame);
    }

    /** Buckets that hold something: from nanoseconds, to nanoseconds, count. */
    static ArrayNode histogram(Histogram histogram) {
        ArrayNode rows = JSON.arrayNode();
        for (String pair : histogram.text().split(" ")) {
            int colon = pair.indexOf(':');
            if (colon > 0) {
                int bucket = Integer.parseInt(pair.substring(0, colon));
                rows.addArray()
                        .add(Histogram.lowest(bucket))
                        .add(Histogram.lowest(Math.min(Histogram.BUCKETS - 1, bucket + 1)))
                        .add(Long.parseLong(pair.substring(colon + 1)));
            }
        }
        return rows;
    }

    static ObjectNode holder(Holder holder) {
        ObjectNode node = object().put("doing", holder.doing().words())
                .put("known", holder.share())
                .put("detail", holder.detail());
        node.set("thread", thread(holder.thread()));
        node.set("takenAt", frame(holder.takenAt()));
        node.set("stack", stack(holder.stack()));
        return node;
    }

    /** Short keys: a flame graph has thousands of nodes. Children too narrow to see are left out. */
    static ObjectNode flame(Flame.Node node, long least) {
        ObjectNode shape = object().put("n", node.frame()).put("k", node.kind()).put("v", node.nanos());
        ToLongFunction<Flame.Node> nanos = Flame.Node::nanos;
        shape.set(
                "c",
                array(
                        node.children().stream()
                                .filter(child -> nanos.applyAsLong(child) >= least)
                                .sorted((a, b) -> Long.compare(b.nanos(), a.nanos()))
                                .toList(),
                        child -> flame(child, least)));
        return shape;
    }

    /** A number that JSON has: null where it is not one. */
    static @Nullable Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }

    static long nanos(Duration duration) {
        return duration.toNanos();
    }
}
