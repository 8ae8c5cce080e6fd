package io.github.mirrorservice.mirror.demo;

import java.util.List;
import java.util.stream.Collectors;

/** The text of an opam file while it is written, field by field, in the layout that opam's own tools give it. */
final class OpamText {

    private static final int TYPICAL_LENGTH = 1536;

    private final StringBuilder text = new StringBuilder(TYPICAL_LENGTH);

    static String quoted(String string) {
        return '"' + string + '"';
    }

    /** Text that is laid out already; it ends with its own line break. */
    OpamText verbatim(String lines) {
        text.append(lines);
        return this;
    }

    /** A field with one value, which the caller has quoted where it is a string. */
    OpamText field(String name, String value) {
        text.append(name).append(": ").append(value).append('\n');
        return this;
    }

    /** A field with one string. */
    OpamText string(String name, String string) {
        return field(name, quoted(string));
    }

    /** A field with a list of strings on one line. */
    OpamText strings(String name, List<String> strings) {
        return field(name, strings.stream().map(OpamText::quoted).collect(Collectors.joining(" ", "[", "]")));
    }

    /** A field with a list, one element a line; no field for an empty list. */
    OpamText list(String name, List<String> elements) {
        if (!elements.isEmpty()) {
            text.append(name).append(": [\n");
            elements.forEach(element -> text.append("  ").append(element).append('\n'));
            text.append("]\n");
        }
        return this;
    }

    /** A field with a text of several lines, the last of them complete. */
    OpamText paragraphs(String name, String lines) {
        text.append(name).append(": \"\"\"\n").append(lines).append("\"\"\"\n");
        return this;
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
