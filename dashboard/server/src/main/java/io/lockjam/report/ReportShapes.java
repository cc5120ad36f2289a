// SPDX-License-Identifier: Apache-2.0
package io.lockjam.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lockjam.finding.Advice;
import io.lockjam.finding.Finding;
import io.lockjam.finding.Place;
import io.lockjam.finding.SizeCheck;
import io.lockjam.finding.Text;
import io.lockjam.model.Fact;
import io.lockjam.model.Frame;
import io.lockjam.window.Account;
import io.lockjam.window.LockWindow;
import io.lockjam.window.PoolWindow;
import io.lockjam.window.QueueWindow;
import io.lockjam.window.ThreadWindow;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The JSON objects of {@code lockjam-report/1}, one method each; the HTTP API serves the same ones.
 *
 * <p>A figure that is not known is null, never 0; a line that is not known is -1, as in a stack trace.
 */
public final class ReportShapes {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private ReportShapes() {}

    public static ObjectNode finding(Finding finding) {
        Text text = finding.text();
        ObjectNode node = JSON.objectNode();
        node.put("kind", finding.kind().id());
        node.put("severity", finding.severity().id());
        node.put("id", finding.id());
        node.put("title", text.what());
        node.put("why", text.why() + " " + text.cost());
        node.put("advice", text.change());
        node.putObject("impact")
                .put("threadSecondsPerSecond", rounded(finding.impact().threadSecondsPerSecond()))
                .put("threads", finding.impact().threads());
        ArrayNode where = node.putArray("where");
        for (Place place : finding.details().where()) {
            where.add(placed(place.role(), place.frame()));
        }
        node.putObject("subject")
                .put("type", finding.subject().type())
                .put("class", finding.subject().className())
                .put("name", finding.subject().name())
                .put("identity", finding.subject().identity())
                .put("windowId", finding.subject().windowId());
        strings(node.putArray("threads"), finding.details().threads());
        evidence(node.putObject("evidence"), finding.details().evidence());
        node.putObject("text")
                .put("what", text.what())
                .put("why", text.why())
                .put("cost", text.cost())
                .put("change", text.change())
                .put("expect", text.expect())
                .put("certainty", text.certainty())
                .put("threshold", text.threshold());
        strings(node.putArray("instead"), finding.details().instead());
        return node;
    }

    public static ObjectNode lock(LockWindow lock) {
        ObjectNode node = JSON.objectNode();
        node.put("id", lock.id());
        node.put("kind", lock.kind().id());
        node.put("class", lock.className());
        node.put("name", lock.name());
        node.put("identity", lock.identity());
        node.put("objects", lock.objects());
        node.put("sampled", lock.sampled());
        node.put("contentions", lock.contentions());
        node.put("waitTotal", lock.waitTotal().toNanos());
        boolean lengths = lock.waitMax().isZero() || !lock.waitP99().isZero(); // of sampled waits only sums are known
        node.put("waitP50", lengths ? lock.waitP50().toNanos() : null);
        node.put("waitP99", lengths ? lock.waitP99().toNanos() : null);
        node.put("waitMax", lock.waitMax().toNanos());
        node.put("waiting", lock.waiting());
        node.put("waitingTotal", lock.waitingTotal().toNanos());
        node.put("holds", lock.holds());
        node.put("heldTotal", lock.held().toNanos());
        node.put("heldMax", lock.longestHold().toNanos());
        whereAndWho(lock, node);
        return node;
    }

    private static void whereAndWho(LockWindow lock, ObjectNode node) {
        ArrayNode sites = node.putArray("sites");
        for (LockWindow.SiteShare site : lock.sites()) {
            sites.add(place(site.site())
                    .put("waits", site.waits())
                    .put("wait", site.waited().toNanos()));
        }
        ArrayNode owners = node.putArray("owners");
        for (LockWindow.Part owner : lock.owners()) {
            owners.addObject()
                    .put("thread", owner.thread().label())
                    .put("waits", owner.waits())
                    .put("wait", owner.waited().toNanos());
        }
        ArrayNode blame = node.putArray("blame");
        for (LockWindow.Blame cell : lock.blame()) {
            ObjectNode row = blame.addObject();
            row.set("waiter", place(cell.waiter()));
            row.set("holder", place(cell.holder()));
            row.put("wait", cell.waited().toNanos());
            row.put("waits", cell.waits());
            row.put("holderDoes", cell.doing().words());
            row.put("detail", cell.detail());
        }
    }

    public static ObjectNode queue(QueueWindow queue) {
        ObjectNode node = JSON.objectNode();
        node.put("id", queue.id());
        node.put("class", queue.className());
        node.put("name", queue.name());
        node.put("identity", queue.identity());
        node.put("capacity", queue.capacity());
        node.put("depthMean", rounded(queue.depthMean()));
        node.put("depthMax", queue.depthMax());
        node.put("depth", queue.depthLast());
        node.put("growthPerSecond", rounded(queue.growthPerSecond()));
        node.put("putWaits", queue.putWaits());
        node.put("putWait", queue.putWait().toNanos());
        node.put("takeWaits", queue.takeWaits());
        node.put("takeWait", queue.takeWait().toNanos());
        node.put("idleTakeWait", queue.idleTakeWait().toNanos());
        return node;
    }

    /** A pool with the size that is recommended for it. */
    public static ObjectNode pool(PoolWindow pool) {
        ObjectNode node = JSON.objectNode();
        node.put("id", pool.id());
        node.put("class", pool.className());
        node.put("name", pool.name());
        node.put("identity", pool.identity());
        node.put("type", pool.type());
        node.put("size", pool.size());
        node.put("coreSize", pool.coreSize());
        node.put("busyMean", rounded(pool.busyMean()));
        node.put("busyMax", pool.busyMax());
        work(pool, node);
        Fact.SlotUse longest = pool.longest();
        if (longest != null) {
            node.putObject("longestHeld")
                    .put("thread", longest.holder())
                    .put("held", longest.held().toNanos())
                    .set("site", place(longest.stack().site().orElse(null)));
        }
        recommended(Advice.of(pool), node);
        return node;
    }

    /** Null for what is not seen of the pool. */
    private static void work(PoolWindow pool, ObjectNode node) {
        boolean tasks = pool.seesTasks();
        node.put("maxSize", tasks ? pool.maxSize() : null);
        number(node, "queueDepthMean", tasks ? rounded(pool.queueDepthMean()) : Double.NaN);
        node.put("queueDepthMax", tasks ? pool.queueDepthMax() : null);
        node.put("queueCapacity", pool.queueCapacity());
        number(node, "arrivalsPerSecond", tasks ? rounded(pool.arrivalsPerSecond()) : Double.NaN);
        number(node, "completionsPerSecond", tasks ? rounded(pool.completionsPerSecond()) : Double.NaN);
        boolean timed = pool.timed() > 0;
        number(node, "serviceMeanMs", timed ? pool.serviceMean().toNanos() / 1e6 : Double.NaN);
        number(node, "cpuShare", pool.cpuShare());
        number(node, "queueWaitMeanMs", timed ? pool.queueTimeMean().toNanos() / 1e6 : Double.NaN);
        number(node, "queueWaitP99Ms", timed ? pool.queueWaitP99().toNanos() / 1e6 : Double.NaN);
        node.put("timedTasks", pool.timed());
        node.put("rejected", tasks ? pool.rejections() : null);
    }

    private static void recommended(Advice advice, ObjectNode node) {
        if (advice.threads() <= 0) {
            node.putNull("recommended");
            node.put("notRecommended", advice.why());
            return;
        }
        ObjectNode recommended = node.putObject("recommended");
        recommended.put("threads", advice.threads());
        recommended.put("why", advice.why());
        number(
                recommended.putObject("predicted"),
                "queueWaitMeanMs",
                advice.at(advice.threads()).queueWaitMeanMs());
        recommended.put("confident", advice.confident());
        recommended.put("doubt", advice.doubt());
        SizeCheck check = advice.check();
        if (check != null) {
            recommended.put("held", check.held()).put("check", check.sentence());
        }
    }

    public static ObjectNode thread(ThreadWindow thread) {
        ObjectNode node = JSON.objectNode();
        node.put("id", thread.thread().id());
        node.put("name", thread.thread().label());
        node.put("osId", thread.thread().osId());
        node.put("virtual", thread.thread().virtual());
        node.put("group", thread.group());
        node.put("state", String.valueOf(thread.state()));
        number(node, "cpuShare", thread.cpuShare());
        number(node, "blockedShare", thread.blockedShare());
        number(node, "waitingShare", thread.waitingShare());
        number(node, "voluntarySwitchesPerSecond", thread.voluntarySwitchesPerSecond());
        number(node, "involuntarySwitchesPerSecond", thread.involuntarySwitchesPerSecond());
        number(node, "runQueueWaitShare", thread.runQueueWaitShare());
        node.set("account", account(thread.account()));
        return node;
    }

    /** Share of the time by part, adding up to 1. */
    static ObjectNode account(Account account) {
        ObjectNode node = JSON.objectNode();
        for (Account.Part part : Account.Part.values()) {
            number(node, part.name().toLowerCase(Locale.ROOT).replace('_', '-'), account.share(part));
        }
        return node;
    }

    /** The threads of one name group, such as a pool's, together. */
    static ObjectNode group(String name, List<ThreadWindow> threads) {
        Account sum = threads.stream().map(ThreadWindow::account).reduce(new Account(Map.of()), Account::plus);
        ObjectNode node = JSON.objectNode();
        node.put("group", name).put("threads", threads.size());
        number(node, "threadSeconds", sum.total() / 1e9);
        node.set("account", account(sum));
        return node;
    }

    /** A place without a role; all fields null but the line if it is not known. */
    public static ObjectNode place(@Nullable Frame frame) {
        ObjectNode node = JSON.objectNode();
        node.put("class", frame == null ? null : frame.className());
        node.put("method", frame == null ? null : frame.method());
        node.put("line", frame == null ? -1 : frame.line());
        node.put("file", frame == null ? null : frame.file());
        return node;
    }

    private static ObjectNode placed(String role, Frame frame) {
        ObjectNode node = JSON.objectNode();
        node.put("role", role);
        node.setAll(place(frame));
        return node;
    }

    private static void evidence(ObjectNode into, Map<String, Object> evidence) {
        evidence.forEach((name, value) -> {
            if (value instanceof Double number) {
                number(into, name, number);
            } else if (value instanceof Number number) {
                into.put(name, number.longValue());
            } else if (value instanceof List<?> list) {
                ArrayNode array = into.putArray(name);
                list.forEach(each -> array.add(String.valueOf(each)));
            } else {
                into.put(name, String.valueOf(value));
            }
        });
    }

    private static void strings(ArrayNode into, List<String> values) {
        values.forEach(into::add);
    }

    static void number(ObjectNode into, String name, double value) {
        if (Double.isFinite(value)) {
            into.put(name, rounded(value));
        } else {
            into.putNull(name);
        }
    }

    /** Six decimals: more is noise, and keeps a report readable. */
    static double rounded(double value) {
        return Math.round(value * 1e6) / 1e6;
    }
}
