// SPDX-License-Identifier: Apache-2.0
package io.lockjam.source;

import io.lockjam.model.Frame;
import io.lockjam.model.Stack;
import io.lockjam.model.ThreadRef;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the numbers of a chunk's constants stand for: threads, classes, stacks, texts. Each is made once, when first asked for. */
final class ChunkConstants {
    private final ChunkBytes bytes;
    private final Map<Long, Layout> types;
    private final Interner interner;
    private final Map<Long, Constants> byType = new HashMap<>();
    private final Constants threads;
    private final Constants classes;
    private final Constants methods;
    private final Constants traces;
    private final Constants frameKinds;
    private final Constants texts;
    /** Slots of stacks that were taken in probes of ours. */
    private final Set<Integer> inProbes = new HashSet<>();

    /** @param buffer the whole chunk, read here at places of its own */
    ChunkConstants(ByteBuffer buffer, Map<Long, Layout> types, List<Integer> checkpoints, Interner interner) {
        this.bytes = new ChunkBytes(buffer);
        this.types = types;
        this.interner = interner;
        checkpoints.forEach(this::index);
        threads = named("java.lang.Thread");
        classes = named("java.lang.Class");
        methods = named("jdk.types.Method");
        traces = named("jdk.types.StackTrace");
        frameKinds = named("jdk.types.FrameType");
        texts = named("java.lang.String");
    }

    private Constants named(String type) {
        return byType.values().stream()
                .filter(each -> each.layout.name.equals(type))
                .findFirst()
                .orElseGet(() -> new Constants(new Layout(type, List.of(), types)));
    }

    /** Notes where the constants of a checkpoint lie. */
    private void index(int checkpoint) {
        bytes.position(checkpoint);
        for (int i = 0; i < 5; i++) {
            bytes.number(); // size, type, start, duration, way to the checkpoint before
        }
        bytes.octet(); // what it was written for
        for (int pools = bytes.count(); pools > 0; pools--) {
            long type = bytes.number();
            Layout layout = types.get(type);
            if (layout == null) {
                throw new IndexOutOfBoundsException("constants of an unknown type");
            }
            Constants pool = byType.computeIfAbsent(type, key -> new Constants(layout));
            for (int left = bytes.count(); left > 0; left--) {
                pool.put(bytes.number(), bytes.position());
                layout.skip(bytes);
            }
        }
    }

    /** Null if there is no such thread. */
    @Nullable
    ThreadRef thread(long key) {
        int slot = threads.slot(key);
        if (threads.isAbsent(slot)) {
            return null;
        }
        if (threads.made(slot) instanceof ThreadRef known) {
            return known;
        }
        long[] fields = fields(threads, slot);
        Layout layout = threads.layout;
        ThreadRef thread = interner.thread(
                value(layout, fields, "virtual") != 0,
                value(layout, fields, "javaThreadId"),
                text(layout, fields, "javaName"),
                value(layout, fields, "osThreadId"),
                text(layout, fields, "osName"));
        threads.made(slot, thread);
        return thread;
    }

    /** With dots; an empty text if there is no such class. */
    String className(long key) {
        int slot = classes.slot(key);
        if (classes.isAbsent(slot)) {
            return "";
        }
        if (classes.made(slot) instanceof String known) {
            return known;
        }
        String name = ClassNames.known(text(classes.layout, fields(classes, slot), "name"));
        classes.made(slot, name);
        return name;
    }

    /** Empty if there is no such stack. */
    Stack stack(long key) {
        int slot = traces.slot(key);
        if (traces.isAbsent(slot)) {
            return Stack.EMPTY;
        }
        if (traces.made(slot) instanceof Stack known) {
            return known;
        }
        int frames = traces.layout.index("frames");
        Layout layout =
                frames < 0 ? null : types.get(traces.layout.field(frames).type());
        List<Frame> all = layout == null ? List.of() : frames((int) fields(traces, slot)[frames], layout);
        if (Interner.isInProbe(all)) {
            inProbes.add(slot);
        }
        Stack stack = all.isEmpty() ? Stack.EMPTY : interner.stack(all);
        traces.made(slot, stack);
        return stack;
    }

    /** Whether the stack was taken in a probe of ours that waits. */
    boolean isInProbe(long key) {
        return !stack(key).isEmpty() && inProbes.contains(traces.slot(key));
    }

    private List<Frame> frames(int place, Layout layout) {
        bytes.position(place);
        int count = bytes.count();
        long[] fields = new long[layout.size()];
        List<Frame> frames = new ArrayList<>();
        for (int i = 0; i < count && frames.size() < Wire.DEEPEST_STACK; i++) {
            layout.read(bytes, fields);
            int next = bytes.position();
            Frame method = method(value(layout, fields, "method"));
            if (method != null) {
                boolean nativeCode = "Native".equals(text(frameKinds, value(layout, fields, "type")));
                int line = (int) value(layout, fields, "lineNumber");
                frames.add(Interner.frame(method, line, (int) value(layout, fields, "bytecodeIndex"), nativeCode));
            }
            bytes.position(next);
        }
        return frames;
    }

    private @Nullable Frame method(long key) {
        int slot = methods.slot(key);
        if (methods.isAbsent(slot)) {
            return null;
        }
        if (methods.made(slot) instanceof Frame known) {
            return known;
        }
        long[] fields = fields(methods, slot);
        Layout layout = methods.layout;
        String className = className(value(layout, fields, "type"));
        Frame method = Interner.method(className, text(layout, fields, "name"), text(layout, fields, "descriptor"));
        methods.made(slot, method);
        return method;
    }

    private long[] fields(Constants pool, int slot) {
        long[] fields = new long[pool.layout.size()];
        bytes.position(pool.place(slot));
        pool.layout.read(bytes, fields);
        return fields;
    }

    private static long value(Layout layout, long[] fields, String name) {
        int index = layout.index(name);
        return index < 0 ? 0 : fields[index];
    }

    private @Nullable String text(Layout layout, long[] fields, String name) {
        int index = layout.index(name);
        return index < 0 ? null : text(layout.field(index), fields[index]);
    }

    /** The text of a field, or of the constant that it names; null if it has none. */
    @Nullable
    String text(Layout.Field field, long value) {
        if (field.list()) {
            return null;
        }
        if (field.form() == Layout.Form.TEXT) {
            bytes.position((int) value);
            return bytes.text(key -> text(texts, key));
        }
        Constants pool = field.form() == Layout.Form.CONSTANT ? byType.get(field.type()) : null;
        return pool == null ? null : text(pool, value);
    }

    /** Of constants that are a text in one field. */
    private @Nullable String text(Constants pool, long key) {
        int slot = pool.slot(key);
        boolean isText = pool.layout.size() == 1 && pool.layout.field(0).form() == Layout.Form.TEXT;
        if (pool.isAbsent(slot) || !isText) {
            return null;
        }
        if (pool.made(slot) instanceof String known) {
            return known;
        }
        bytes.position(pool.place(slot));
        String text = bytes.text(nested -> null);
        pool.made(slot, text == null ? "" : text);
        return text;
    }
}
