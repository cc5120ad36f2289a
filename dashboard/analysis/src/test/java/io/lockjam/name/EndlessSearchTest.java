// SPDX-License-Identifier: Apache-2.0
package io.lockjam.name;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

class EndlessSearchTest {
    private final Code code = new Code(LookLoopTest::bytes);
    private final EndlessSearch searches = new EndlessSearch(LookLoopTest::bytes);

    /** Users of maps; only read, never run. */
    @SuppressWarnings("unused")
    static final class Users {
        private final Map<String, String> weak = new WeakHashMap<>();
        private final TreeMap<Long, String> sorted = new TreeMap<>();

        @Nullable
        String describe(String key) {
            String known = weak.get(key);
            if (known == null) {
                weak.put(key, key);
            }
            return known;
        }

        boolean isOpen(long id) {
            return sorted.containsKey(id);
        }

        int countOpen() {
            int open = 0;
            for (long id = 0; id < 1_000_000; id++) {
                open += sorted.containsKey(id) ? 1 : 0;
            }
            return open;
        }

        int countByHelper() {
            int open = 0;
            for (long id = 0; id < 1_000_000; id++) {
                open += isOpen(id) ? 1 : 0;
            }
            return open;
        }

        String ofItsOwn(Map<String, String> given, String key) {
            return Objects.toString(given.get(key));
        }
    }

    /** Filled once. */
    @SuppressWarnings("unused")
    static final class Constants {
        private final Map<String, String> rates = new WeakHashMap<>();

        Constants() {
            rates.put("de", "19");
        }

        String rate(String country) {
            return Objects.toString(rates.get(country));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "describe, WeakHashMap, get, weak",
        "ofItsOwn, WeakHashMap, get, ",
        "isOpen, TreeMap, getEntry, sorted",
        "countOpen, TreeMap, getEntry, "
    })
    void namesTheMapThatIsSearched(String user, String map, String search, @Nullable String name) {
        assertThat(searches.map(inLoop(Users.class, user, "java.util." + map, search))
                        .orElse(null))
                .isEqualTo(name == null ? null : Users.class.getName() + "." + name);
    }

    @Test
    void aMapThatOnlyAConstructorFillsIsNotBroken() {
        assertThat(searches.map(inLoop(Constants.class, "rate", "java.util.WeakHashMap", "get")))
                .isEmpty();
    }

    @Test
    void aTreeThatACallerSearchesInALoopIsNotBroken() {
        List<Frame> frames = new ArrayList<>(
                inLoop(Users.class, "isOpen", "java.util.TreeMap", "getEntry").frames());
        int line = call(Users.class, "countByHelper", "isOpen");
        frames.add(new Frame(Users.class.getName(), "countByHelper", null, "EndlessSearchTest.java", line, -1));

        assertThat(searches.map(new Stack(frames))).isEmpty();
    }

    @Test
    void outsideItsLoopOrBehindALockOrInWhatItCallsNoMapIsSearched() {
        Stack search = inLoop(Users.class, "describe", "java.util.WeakHashMap", "get");
        Stack begin = with(search, 0, new Frame("java.util.WeakHashMap", "get", null, "WeakHashMap.java", begin(), -1));
        Stack locked =
                with(search, 1, new Frame("java.util.Collections$SynchronizedMap", "get", null, "C.java", 1, -1));
        List<Frame> deeper = new ArrayList<>(search.frames());
        deeper.add(0, new Frame("com.acme.Key", "equals", null, "Key.java", 1, -1));

        assertThat(searches.map(search)).isPresent();
        assertThat(searches.map(begin)).isEmpty();
        assertThat(searches.map(locked)).isEmpty();
        assertThat(searches.map(new Stack(deeper))).isEmpty();
    }

    private static Stack with(Stack stack, int at, Frame frame) {
        List<Frame> frames = new ArrayList<>(stack.frames());
        if (at == 0) {
            frames.set(0, frame);
        } else {
            frames.add(at, frame);
        }
        return new Stack(frames);
    }

    private int begin() {
        return Collections.min(lines("java.util.WeakHashMap", "get", false));
    }

    private Stack inLoop(Class<?> user, String method, String map, String search) {
        int line = lines(map, search, true).get(0);
        List<Frame> frames = new ArrayList<>();
        frames.add(new Frame(map, search, null, "M.java", line, -1));
        if (search.equals("getEntry")) {
            frames.add(new Frame(map, "containsKey", null, "M.java", 1, -1));
        }
        String called = frames.get(frames.size() - 1).method();
        frames.add(new Frame(user.getName(), method, null, "EndlessSearchTest.java", call(user, method, called), -1));
        return new Stack(frames);
    }

    /** Lines of a method, or only those of which all lies in a loop. */
    private List<Integer> lines(String type, String method, boolean inLoop) {
        List<Integer> lines = new ArrayList<>();
        MethodNode node =
                Objects.requireNonNull(code.parsed(type)).methods(method, null).get(0);
        Flow flow = new Flow(node);
        for (AbstractInsnNode each : node.instructions) {
            if (each instanceof LineNumberNode line) {
                boolean round = Code.onLine(node, line.line).stream()
                        .map(node.instructions::indexOf)
                        .allMatch(at -> flow.after(List.of(at), stop -> false).get(at));
                if (round || !inLoop) {
                    lines.add(line.line);
                }
            }
        }
        return lines;
    }

    private int call(Class<?> user, String method, String called) {
        int line = -1;
        for (AbstractInsnNode each : Objects.requireNonNull(code.parsed(user.getName()))
                .methods(method, null)
                .get(0)
                .instructions) {
            if (each instanceof LineNumberNode at) {
                line = at.line;
            } else if (each instanceof MethodInsnNode call && call.name.equals(called)) {
                return line;
            }
        }
        throw new IllegalStateException("no call of " + called);
    }
}
