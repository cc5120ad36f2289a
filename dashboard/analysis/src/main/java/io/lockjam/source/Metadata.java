// SPDX-License-Identifier: Apache-2.0
package io.lockjam.source;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The types that a chunk tells of itself.
 *
 * <p>An event of type 0: number, texts, and a tree of elements, each a name, attributes and parts, all by the numbers of texts (the JDK's
 * MetadataWriter). A {@code class} has its {@code field}s as parts, a field its annotations.
 */
final class Metadata {
    /** root, metadata, class, field, annotation. */
    private static final int DEEPEST = 8;

    /** A text among the constants is written like one in an event. */
    private static final List<Layout.Field> TEXT = List.of(new Layout.Field("value", 0, Layout.Form.TEXT, false, ""));

    private final Map<Long, Layout> byId = new HashMap<>();

    /** @param parts within it */
    private record Element(String name, Map<String, String> attributes, List<Element> parts) {
        String text(String attribute) {
            return attributes.getOrDefault(attribute, "");
        }

        long number(String attribute) {
            try {
                return Long.parseLong(text(attribute));
            } catch (NumberFormatException damaged) {
                return -1;
            }
        }
    }

    /** Reads the metadata at a position. */
    Metadata(ChunkBytes bytes, int position) {
        bytes.position(position);
        for (int i = 0; i < 5; i++) {
            bytes.number(); // size, type, start, duration, number
        }
        @Nullable String[] texts = new String[bytes.count()];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = bytes.text(key -> null);
        }
        List<Element> classes = new ArrayList<>();
        collect(element(bytes, texts, 0), classes);
        Map<Long, String> names = new HashMap<>();
        classes.forEach(type -> names.put(type.number("id"), type.text("name")));
        for (Element type : classes) {
            List<Layout.Field> fields = type.parts().stream()
                    .filter(part -> part.name().equals("field"))
                    .map(field -> field(field, names))
                    .toList();
            String name = type.text("name");
            boolean text = Layout.Form.of(name) == Layout.Form.TEXT && fields.isEmpty();
            byId.put(type.number("id"), new Layout(name, text ? TEXT : fields, byId));
        }
    }

    Map<Long, Layout> types() {
        return byId;
    }

    private static Element element(ChunkBytes bytes, @Nullable String[] texts, int depth) {
        if (depth > DEEPEST) {
            throw new IndexOutOfBoundsException("elements within elements");
        }
        String name = text(texts, bytes.number());
        Map<String, String> attributes = new HashMap<>();
        for (int left = bytes.count(); left > 0; left--) {
            attributes.put(text(texts, bytes.number()), text(texts, bytes.number()));
        }
        List<Element> parts = new ArrayList<>();
        for (int left = bytes.count(); left > 0; left--) {
            parts.add(element(bytes, texts, depth + 1));
        }
        return new Element(name, attributes, parts);
    }

    private static String text(@Nullable String[] texts, long number) {
        String text = texts[Math.toIntExact(number)];
        return text == null ? "" : text;
    }

    private static void collect(Element from, List<Element> classes) {
        if (from.name().equals("class")) {
            classes.add(from);
        } else {
            from.parts().forEach(part -> collect(part, classes));
        }
    }

    private static Layout.Field field(Element field, Map<Long, String> names) {
        long type = field.number("class");
        boolean constant = field.text("constantPool").equals("true");
        Layout.Form own = Layout.Form.of(names.getOrDefault(type, ""));
        String unit = field.parts().stream()
                .filter(part -> names.getOrDefault(part.number("class"), "").equals("jdk.jfr.Timespan"))
                .map(part -> part.text("value"))
                .findFirst()
                .orElse("");
        return new Layout.Field(
                field.text("name"),
                type,
                constant ? Layout.Form.CONSTANT : own == null ? Layout.Form.PART : own,
                field.number("dimension") > 0,
                unit);
    }
}
