// SPDX-License-Identifier: Apache-2.0
package io.lockjam.report;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Text for Markdown: names come from the application and must not become markup, and yet read as they are written.
 *
 * <p>So a word with a character that means something goes into a code span, in which nothing does. A lone sign, such as a multiplication, means
 * nothing between two blanks.
 */
final class MarkdownText {
    private static final Pattern MARKUP = Pattern.compile("[\\\\`*_\\[\\]<|#]");

    /** The sentence's own punctuation stays outside of the span, as do parentheses whose other one is in another word or around all of it. */
    private static final List<Pattern> WORDS = List.of(
            Pattern.compile("(\\()([^()]*?)(\\)?[.,;:]*)"),
            Pattern.compile("()([^()]*?)(\\)[.,;:]*)"),
            Pattern.compile("()(.*?)([.,;:]*)", Pattern.DOTALL));

    private static final Pattern BACKTICKS = Pattern.compile("`+");

    private MarkdownText() {}

    /** A sentence. */
    static String of(String raw) {
        return Arrays.stream(raw.replaceAll("\\p{Cntrl}", " ").split(" ", -1))
                .map(MarkdownText::word)
                .collect(Collectors.joining(" "));
    }

    /** A cell of a table, in which a bar would end the cell even inside a code span. */
    static String cell(String raw) {
        return of(raw).replace("|", "\\|");
    }

    /** A name as a code span; the fence is longer than any run of backticks in it. */
    static String code(String name) {
        String raw = name.replaceAll("\\p{Cntrl}", " ");
        int longest = BACKTICKS
                .matcher(raw)
                .results()
                .mapToInt(run -> run.end() - run.start())
                .max()
                .orElse(0);
        String fence = "`".repeat(longest + 1);
        String pad = raw.startsWith("`") || raw.endsWith("`") ? " " : "";
        return fence + pad + raw + pad + fence;
    }

    private static String word(String word) {
        if (!MARKUP.matcher(word).find() || (word.length() == 1 && !word.equals("`"))) {
            return word;
        }
        return WORDS.stream()
                .map(each -> each.matcher(word))
                .filter(Matcher::matches)
                .findFirst()
                .map(parts -> parts.group(1) + code(parts.group(2)) + parts.group(3))
                .orElse(word);
    }
}
