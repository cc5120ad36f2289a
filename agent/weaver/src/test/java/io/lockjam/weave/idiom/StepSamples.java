// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave.idiom;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.Vector;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.StampedLock;

/** Looks and changes, in two steps that belong together and in others that do not; only read by a test. */
@SuppressWarnings({
    "NonAtomicVolatileUpdate",
    "unused",
    "UnusedMethod",
    "UnusedVariable",
    "JdkObsolete",
    "SelfAssignment"
})
final class StepSamples {
    private static volatile long total;

    private volatile int count;
    private volatile int most;
    private volatile int phase;
    private volatile double sum;
    private volatile boolean running;
    private volatile boolean started;
    private volatile List<String> names = new ArrayList<>();
    private volatile Object lazy;
    private volatile Thread waiter;
    private volatile StepSamples next;
    private int left;
    private List<String> plain = new ArrayList<>();
    private String shown = "";
    private String[] hosts = {};
    private final StampedLock stamps = new StampedLock();
    private final Map<String, Integer> counts = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, Object> sessions = new ConcurrentHashMap<>();
    private final Set<String> seen = new HashSet<>();
    private final Vector<String> free = new Vector<>();

    void increments() {
        count++;
    }

    void sums(int more) {
        int old = count;
        count = old + more * 2;
    }

    void wide(double more) {
        sum += more;
    }

    static void addsStatic(int more) {
        total += more;
    }

    void copiesOnWrite(String name) {
        List<String> copy = new ArrayList<>(names);
        copy.add(name);
        names = copy;
    }

    void takesIfLeft() {
        if (count > 0) {
            count--;
        }
    }

    void keepsMost(int value) {
        if (value > most) {
            most = value;
        }
    }

    Object makesLazily() {
        if (lazy == null) {
            lazy = new Object();
        }
        return lazy;
    }

    Object computesLazily() {
        Object seen = lazy;
        if (seen == null) {
            lazy = seen = known(names);
        }
        return seen;
    }

    void wakes() {
        Thread waits = waiter;
        if (waits != null) {
            waiter = null;
            LockSupport.unpark(waits);
        }
    }

    void startsOnce() {
        if (!started) {
            started = true;
            increments();
        }
    }

    void leavesOrStarts() {
        if (started) {
            return;
        }
        started = true;
        increments();
    }

    void goesOnBySwitch() {
        switch (phase) {
            case 0 -> phase = names.size();
            case 1 -> increments();
            default -> {}
        }
    }

    void sets(int value) {
        count = value;
    }

    void setsIfOther(int value) {
        if (count != value) {
            count = value;
        }
    }

    void stops() {
        if (running) {
            running = false;
        }
    }

    void runs() {
        while (running) {
            increments();
            if (left > 3) {
                running = false;
            }
        }
    }

    void copies(StepSamples other) {
        count = other.count + 1;
    }

    void links(StepSamples other) {
        next = other.next;
    }

    int exchanges(int value) {
        int old = count;
        count = value;
        return old;
    }

    void setsAfterAnotherCheck(boolean wanted) {
        int old = count;
        if (wanted) {
            most = old;
        }
        count = 7;
        increments();
    }

    void setsOnOneWayOnly(boolean wanted, Object value) {
        if (wanted && lazy == null) {
            increments();
        }
        lazy = value;
    }

    void readsOnOneWayOnly(boolean wanted, int value) {
        int base = value;
        if (wanted) {
            base = count;
        }
        count = base + 1;
    }

    void counts(String word) {
        Integer old = counts.get(word);
        counts.put(word, old == null ? 1 : old + 1);
    }

    void countsByBranches(String word) {
        if (counts.containsKey(word)) {
            counts.put(word, counts.get(word) + 1);
        }
    }

    Object opens(String user) {
        Object session = sessions.get(user);
        if (session == null) {
            session = new Object();
            sessions.put(user, session);
        }
        return session;
    }

    void putsIfMissing(int id) {
        String name = "u" + id;
        if (!counts.containsKey(name)) {
            counts.put(name, name.length());
        }
    }

    boolean books(String seat, Integer customer) {
        if (counts.containsKey(seat)) {
            return false;
        }
        counts.put(seat, customer);
        return true;
    }

    void putsAnother(String one, String other) {
        if (!counts.containsKey(one)) {
            counts.put(other, 1);
        }
    }

    void putsAnyway(String name) {
        if (!counts.containsKey(name)) {
            increments();
        }
        counts.put(name, 1);
    }

    void putsInOneStep(String name) {
        if (!counts.containsKey(name)) {
            counts.putIfAbsent(name, 1);
        }
    }

    void sees(String id) {
        if (!seen.contains(id)) {
            seen.add(id);
            increments();
        }
    }

    void seesOnly(String id) {
        if (!seen.contains(id)) {
            seen.add(id);
        }
    }

    void putsTheSame(String id) {
        if (!counts.containsKey(id)) {
            counts.put(id, 1);
        }
    }

    static List<String> load() {
        List<String> made = new ArrayList<>();
        made.add("a");
        return made;
    }

    static List<String> known(List<String> names) {
        return names;
    }

    void reloads() {
        plain = load();
    }

    void takesOver() {
        plain = known(names);
    }

    List<String> checksTwice() {
        if (plain == null) {
            synchronized (this) {
                if (plain == null) {
                    plain = new ArrayList<>();
                }
            }
        }
        return plain;
    }

    String takesLast() {
        return free.isEmpty() ? "" : free.remove(free.size() - 1);
    }

    void clears() {
        if (!free.isEmpty()) {
            free.clear();
        }
    }

    boolean sells() {
        if (left > 0) {
            increments();
            left--;
            return true;
        }
        return false;
    }

    int findsFromTheLast(int wanted) {
        int found = search(wanted, left);
        left = found < 0 ? ~found : found + 1;
        return found;
    }

    private static int search(int wanted, int from) {
        return wanted < from ? ~wanted : wanted;
    }

    void keepsTheMost(int value) {
        left = Math.max(left, value);
    }

    void countsAfterAnotherCheck() {
        if (left > 5) {
            increments();
        }
        left++;
    }

    String rendersForOne(String user) {
        shown = user;
        increments();
        return "hello " + shown;
    }

    String rendersOnOneWay(String user, boolean wanted) {
        if (wanted) {
            shown = user;
        }
        return shown;
    }

    void locksWhatItReplaces() {
        synchronized (plain) {
            plain = new ArrayList<>(plain);
        }
    }

    void publishesAnArray() {
        hosts = new String[] {"a", "b"};
    }

    int readsUnvalidated() {
        stamps.tryOptimisticRead();
        return left;
    }

    int readsValidated() {
        long stamp = stamps.tryOptimisticRead();
        int seen = left;
        return stamps.validate(stamp) ? seen : 0;
    }

    void changesStamped(int more) {
        long stamp = stamps.writeLock();
        left += more;
        stamps.unlockWrite(stamp);
    }

    void publishesAgain() {
        count = count;
    }

    void setsIfBothAreNone() {
        if (count + most == 0) {
            count = left;
        }
    }
}
