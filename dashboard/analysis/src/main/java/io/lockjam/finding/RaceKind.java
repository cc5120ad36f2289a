// SPDX-License-Identifier: Apache-2.0
package io.lockjam.finding;

import io.lockjam.model.Fact;
import io.lockjam.model.Fact.Access;
import java.util.List;
import java.util.Locale;

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
    IDEMPOTENT_CACHE(
            "idempotent-cache",
            Severity.INFO,
            "It looks like a cache that races on purpose: each thread computes the same value, so at worst the work is"
                    + " done twice.",
            "nothing, if the value is always the same and has no state behind it; else make the field volatile"),
    PLAIN(
            "unordered",
            Severity.WARNING,
            "One thread may see an old value for as long as nothing orders the two.",
            "guard both places with one lock, or make the field volatile if each access stands alone");

    private static final List<String> DATABASE =
            List.of("Connection.", "Statement.", "PreparedStatement.", "ResultSet.");

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

    /** The most telling of the kinds that the two accesses have between them. */
    public static RaceKind of(Fact.RaceSeen race) {
        if (race.target().equals("call")) {
            String call = String.valueOf(race.first().call());
            boolean database = DATABASE.stream().anyMatch(call::startsWith);
            return database ? SHARED_CONNECTION : UNSAFE_COLLECTION;
        }
        Access one = race.first();
        Access other = race.second();
        boolean checks = has(one, "check-then-act") || has(other, "check-then-act");
        boolean unset = has(one, "if-unset") || has(other, "if-unset");
        boolean constant = writesWith(one, "constant") || writesWith(other, "constant");
        boolean made = writesWith(one, "new-object") || writesWith(other, "new-object");
        boolean stateless = has(one, "immutable") || has(other, "immutable");
        String name = race.field().substring(race.field().lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        boolean namedCache = CACHE_WORDS.stream().anyMatch(name::contains);
        boolean changes = has(one, "read-modify-write") || has(other, "read-modify-write");
        boolean computes = namedCache && !made && !changes; // a number: a new object may have state behind it
        if (computes || (checks && unset && stateless && !constant)) {
            return IDEMPOTENT_CACHE;
        }
        if (changes) {
            return LOST_UPDATE;
        }
        if (checks && !(made && lockedWrite(one, other))) {
            return CHECK_THEN_ACT;
        }
        if (made) {
            return UNSAFE_PUBLICATION;
        }
        boolean loops = (!one.writes() && has(one, "loop")) || (!other.writes() && has(other, "loop"));
        return loops ? STOP_FLAG : PLAIN;
    }

    /** Double-checked locking: the writer holds a lock that the first check does without. */
    private static boolean lockedWrite(Access one, Access other) {
        return writesWith(one, "locked") || writesWith(other, "locked");
    }

    private static boolean writesWith(Access access, String word) {
        return access.writes() && has(access, word);
    }

    private static boolean has(Access access, String word) {
        String words = access.call();
        return words != null && (" " + words + " ").contains(" " + word + " ");
    }
}
