// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Fact;
import io.lockjam.model.Fact.Access;
import io.lockjam.model.Frame;
import io.lockjam.model.TwoSteps;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What kind of mistake a race is, told from how each side uses the place (words in {@link Access#call}, put there by the
 * probe), never whether it is one: that the two threads met is proof enough.
 */
public enum RaceKind {
    UNSAFE_COLLECTION(
            "unsafe-collection",
            Severity.ERROR,
            "The object is of a class that is not made for two threads; entries are lost, or a call fails or never"
                    + " ends.",
            "use a class made for sharing (ConcurrentHashMap, CopyOnWriteArrayList, DateTimeFormatter), one object for"
                    + " each thread, or one lock around every use"),
    STALE_SIZE(
            "stale-size",
            Severity.WARNING,
            "One side only asks how many entries there are: nothing breaks by that, but it may see an old number for as"
                    + " long as nothing orders the two.",
            "ask under the lock that guards the changes, or keep the number in a volatile or atomic field"),
    SIZE_HINT(
            "size-hint",
            Severity.INFO,
            "One side only asks how many entries there are, without the lock that guards the changes: nothing breaks by"
                    + " that, and an old number does no harm where it is asked for again under the lock.",
            "nothing, if what follows looks again under the lock; else ask under the lock"),
    SHARED_CONNECTION(
            "shared-connection",
            Severity.WARNING,
            "A connection has one transaction and one result at a time: what one thread does becomes part of the"
                    + " other's.",
            "take a connection of its own for each thread, from a pool, for as long as the work takes"),
    LOST_UPDATE(
            "lost-update",
            Severity.ERROR,
            "The value is read, changed and written back: of two changes at one moment, one is lost.",
            "make it an AtomicInteger, AtomicLong or LongAdder, or do the whole change under one lock"),
    CHECK_THEN_ACT(
            "check-then-act",
            Severity.ERROR,
            "What was checked may no longer hold when it is acted upon: both threads may act.",
            "check and act under one lock, or in one step: compareAndSet, putIfAbsent, computeIfAbsent"),
    TWO_STEPS(
            "check-then-act",
            Severity.WARNING,
            "Each step is safe by itself, but what the first has seen may no longer hold at the second: both threads act.",
            "do both in one step (putIfAbsent, computeIfAbsent, poll, compareAndSet), or under one lock"),
    MADE_TWICE(
            "check-then-act",
            Severity.INFO,
            "Both threads have found nothing there and put what they have computed: if it is always the same, at worst the work is"
                    + " done twice.",
            "nothing, if one value is as good as the other; else put it in one step (computeIfAbsent, compareAndSet), or under"
                    + " one lock"),
    TWO_CALLS(
            "lost-update",
            Severity.ERROR,
            "Each call is safe by itself, but the value is taken, changed and put back: of two changes at one moment, one"
                    + " is lost.",
            "change it in one call (merge, compute), or under one lock"),
    UNSAFE_PUBLICATION(
            "unsafe-publication",
            Severity.ERROR,
            "A new object is handed over without order: another thread may see it half made.",
            "make the field volatile or final, or set and read it under one lock"),
    STOP_FLAG(
            "stop-flag",
            Severity.WARNING,
            "A loop reads a plain field: the compiler may read it once and never see the change.",
            "make the field volatile"),
    REPLACED_LOCK(
            "replaced-lock",
            Severity.ERROR,
            "The lock itself is replaced: who locks the new object does not keep out who locked the old one.",
            "lock an object in a final field, which nothing replaces"),
    OWN_STATE(
            "own-state",
            Severity.ERROR,
            "Each call writes a value of its own there and reads it again: one goes on with what the other has written.",
            "keep it in a local variable or pass it on as an argument; if it is to be shared, one lock around the whole use"),
    UNVALIDATED_READ(
            "unvalidated-read",
            Severity.WARNING,
            "It is read after tryOptimisticRead, and nothing asks whether a writer came meanwhile: what is used may be half changed.",
            "read into local variables and validate the stamp before they are used; if that fails, read again under the read lock"),
    UNFENCED_READ(
            "unfenced-read",
            Severity.WARNING,
            "It is read between two looks at a counter and used only if that has not changed, but nothing keeps the read before the"
                    + " second look, nor the change behind the writer's first count.",
            "call VarHandle.acquireFence() before the counter is read again and VarHandle.storeStoreFence() after the writer's first"
                    + " count, or use a StampedLock"),
    TURN(
            "lost-update",
            Severity.INFO,
            "It chooses nothing but whose turn it is: if a step is lost, one is served twice in a row.",
            "nothing, if turns need not be even; else an AtomicInteger and Math.floorMod(next.getAndIncrement(), length)"),
    IDEMPOTENT_CACHE(
            "idempotent-cache",
            Severity.INFO,
            "It looks like a cache that races on purpose: each thread computes the same value, so at worst the work is"
                    + " done twice.",
            "nothing, if the value is always the same and has no state behind it; else make the field volatile"),
    OPTIMISTIC_READ(
            "optimistic-read",
            Severity.INFO,
            "What is read is used only if a compare-and-set succeeds afterwards; else it is read again. That is a way to do"
                    + " without a lock, if the writer makes that compare-and-set fail.",
            "nothing, if the writer does so; else read it after the compare-and-set, or make the field volatile"),
    PLAIN(
            "unordered",
            Severity.WARNING,
            "One thread may see an old value for as long as nothing orders the two.",
            "guard both places with one lock, or make the field volatile if each access stands alone");

    private static final List<String> DATABASE =
            List.of("Connection.", "Statement.", "PreparedStatement.", "ResultSet.");

    /** What Scala calls the method that {@code count = 1} calls: {@code count_=}. */
    private static final String SCALA_SETTER = "_$eq";

    private static final List<String> SIZES = List.of("size", "isEmpty", "length");

    private static final List<String> CACHE_WORDS = List.of("cache", "hash", "memo");

    private final String id;
    private final Severity severity;
    private final String harm;
    private final String cure;

    RaceKind(String id, Severity severity, String harm, String cure) {
        this.id = id;
        this.severity = severity;
        this.harm = harm;
        this.cure = cure;
    }

    public String id() {
        return id;
    }

    public Severity severity() {
        return severity;
    }

    /** One sentence: what can go wrong. */
    public String harm() {
        return harm;
    }

    /** The smallest change that cures it; no capital, no full stop. */
    public String cure() {
        return cure;
    }

    /**
     * The most telling of the kinds that the two accesses have between them.
     *
     * @param name what the code calls the place: of a field its own name
     */
    public static RaceKind of(Fact.RaceSeen race, String name) {
        if (race.target().equals("call")) {
            return isOfSteps(race) ? ofSteps(race, name) : ofCalls(race);
        }
        Access one = race.first();
        Access other = race.second();
        if (reads(one, "to-lock") || reads(other, "to-lock")) {
            return REPLACED_LOCK;
        }
        if (reads(one, "unvalidated") || reads(other, "unvalidated")) {
            return UNVALIDATED_READ;
        }
        if (has(one, "turn") && has(other, "turn")) {
            return TURN;
        }
        boolean checks = has(one, "check-then-act") || has(other, "check-then-act");
        boolean made = writesWith(one, "new-object") || writesWith(other, "new-object");
        boolean changes = losesUpdate(one, other) || losesUpdate(other, one) || changesByAccessors(one, other);
        if (isCache(race, name, checks, made, changes)) {
            return IDEMPOTENT_CACHE;
        }
        if (changes) {
            return checksChange(one) || checksChange(other) ? CHECK_THEN_ACT : LOST_UPDATE;
        }
        if (isOfSteps(race)) {
            boolean alike = isComputedAlike(one) && isComputedAlike(other);
            return alike ? MADE_TWICE : TWO_STEPS;
        }
        if (acts(one, other) && !(made && lockedWrite(one, other)) && !(onlyLooks(one) || onlyLooks(other))) {
            return CHECK_THEN_ACT;
        }
        if (has(one, "own-state") && has(other, "own-state")) {
            return OWN_STATE;
        }
        boolean stateless = has(one, "immutable") || has(other, "immutable");
        boolean twice = (looksForNew(one) || looksForNew(other)) && lockedWrite(one, other);
        if (((made || twice) && !stateless) || halfMade(one, race) || halfMade(other, race)) {
            return UNSAFE_PUBLICATION;
        }
        if (reads(one, "between") || reads(other, "between")) {
            return UNFENCED_READ;
        }
        if (reads(one, "validated") || reads(other, "validated")) {
            return OPTIMISTIC_READ;
        }
        boolean flag = !race.target().equals("array") || race.field().equals("boolean[]");
        return flag && (reads(one, "loop") || reads(other, "loop")) ? STOP_FLAG : PLAIN;
    }

    /** Whether the accesses are ordered each, and what was caught are two threads between a look and a change that follows from it. */
    static boolean isOfSteps(Fact.RaceSeen race) {
        String call = race.first().call();
        return race.target().equals("call")
                ? call != null && TwoSteps.of(call).isPresent()
                : has(race.first(), "volatile");
    }

    /** Whether all that can be lost is that a number is too low. */
    static boolean isOfCounter(Fact.RaceSeen race) {
        return has(race.first(), "counter") && has(race.second(), "counter");
    }

    private static RaceKind ofSteps(Fact.RaceSeen race, String name) {
        List<TwoSteps> both = Stream.of(race.first(), race.second())
                .flatMap(side -> TwoSteps.of(String.valueOf(side.call())).stream())
                .toList();
        if (both.stream().anyMatch(steps -> steps.sort() == TwoSteps.Sort.WITH)) {
            return TWO_CALLS;
        }
        boolean alike = both.stream().allMatch(steps -> puts(steps.change()) && steps.sort() == TwoSteps.Sort.AFTER);
        return isNamedCache(name) ? IDEMPOTENT_CACHE : alike ? MADE_TWICE : TWO_STEPS;
    }

    private static boolean puts(String change) {
        String call = change.substring(change.indexOf('.') + 1);
        return call.startsWith("put") || call.startsWith("set");
    }

    private static boolean isComputedAlike(Access access) {
        return has(access, "if-unset") && !has(access, "new-object") && !has(access, "constant");
    }

    /** {@code if (left > 0) left--}; a value that is put together where there was none is checked, too, but only to begin. */
    private static boolean checksChange(Access access) {
        return has(access, "read-modify-write") && has(access, "check-then-act") && !has(access, "if-unset");
    }

    /** Whether it is read again and again and what was read is not acted upon: to whoever writes it that is a flag. */
    private static boolean onlyLooks(Access access) {
        return !access.writes() && has(access, "loop") && !has(access, "check-then-act");
    }

    /** The first check of double-checked locking, which finds what is written under the lock. */
    private static boolean looksForNew(Access access) {
        return !access.writes() && has(access, "new-object");
    }

    /** Not where the other only reads: then it reads an old value, and it may be that only one thread ever changes it. */
    private static boolean losesUpdate(Access change, Access other) {
        boolean changes = other.writes() || has(other, "read-modify-write") || has(other, "check-then-act");
        return has(change, "read-modify-write") && changes;
    }

    /** Whether one acts upon what it has checked and the other changes that, or acts as well. */
    private static boolean acts(Access one, Access other) {
        boolean first = has(one, "check-then-act");
        boolean second = has(other, "check-then-act");
        return (first && (second || other.writes())) || (second && one.writes());
    }

    /** {@code setTotal(getTotal() + 1)}: a line calls the method that reads and the one that writes, and two threads are in it. */
    private static boolean changesByAccessors(Access one, Access other) {
        Access reader = one.writes() ? other : one;
        Access writer = one.writes() ? one : other;
        List<Frame> gets = reader.stack().frames();
        List<Frame> sets = writer.stack().frames();
        boolean bare = one.locks().isEmpty() && other.locks().isEmpty();
        if (!bare || reader.writes() || !writer.writes() || gets.size() < 2 || sets.size() < 2) {
            return false;
        }
        String property = gets.get(0).method().replaceFirst("^(get|is)", "");
        String setter = sets.get(0).method();
        boolean pair = setter.equals("set" + property) || setter.equals(property + SCALA_SETTER);
        return pair && isOneLine(gets.get(1), sets.get(1));
    }

    private static boolean isOneLine(Frame one, Frame other) {
        return one.line() > 0
                && one.line() == other.line()
                && one.method().equals(other.method())
                && one.className().equals(other.className());
    }

    private static RaceKind ofCalls(Fact.RaceSeen race) {
        String call = String.valueOf(race.first().call());
        if (DATABASE.stream().anyMatch(call::startsWith)) {
            return SHARED_CONNECTION;
        }
        boolean weak = race.field().equals("java.util.WeakHashMap"); // drops entries when it is asked for its size
        if (weak || !(asksSize(race.first()) || asksSize(race.second()))) {
            return UNSAFE_COLLECTION;
        }
        Access changes = race.first().writes() ? race.first() : race.second();
        return changes.locks().isEmpty() ? STALE_SIZE : SIZE_HINT;
    }

    private static boolean asksSize(Access access) {
        String call = String.valueOf(access.call());
        return !access.writes() && SIZES.contains(call.substring(call.indexOf('.') + 1));
    }

    /** A value that each thread computes alike; behind a reference only what is safe to hand over by a race. */
    private static boolean isCache(Fact.RaceSeen race, String name, boolean checks, boolean made, boolean changes) {
        Access one = race.first();
        Access other = race.second();
        boolean stateless = has(one, "immutable") || has(other, "immutable");
        boolean constant = writesWith(one, "constant") || writesWith(other, "constant");
        boolean unset = has(one, "if-unset") || has(other, "if-unset");
        boolean hint = stateless && (has(one, "handed") || has(other, "handed")); // where to begin to search
        return (isNamedCache(name) && (!changes || hint) && (!made || stateless))
                || (checks && unset && stateless && !constant);
    }

    private static boolean isNamedCache(String name) {
        String last = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return CACHE_WORDS.stream().anyMatch(last::contains);
    }

    /** Whether an object is written in its own constructor while another thread has it already. */
    private static boolean halfMade(Access access, Fact.RaceSeen race) {
        boolean own = access.writes() && race.target().equals("field") && has(access, "constructor");
        String owner = race.field().substring(0, Math.max(0, race.field().lastIndexOf('.')));
        return own
                && access.stack()
                        .site()
                        .filter(frame -> frame.className().equals(owner))
                        .isPresent();
    }

    /** Double-checked locking: the writer holds a lock that the first check does without. */
    private static boolean lockedWrite(Access one, Access other) {
        return writesWith(one, "locked") || writesWith(other, "locked");
    }

    private static boolean writesWith(Access access, String word) {
        return access.writes() && has(access, word);
    }

    private static boolean reads(Access access, String word) {
        return !access.writes() && has(access, word);
    }

    private static boolean has(Access access, String word) {
        String words = access.call();
        return words != null && (" " + words + " ").contains(" " + word + " ");
    }
}
