package io.github.mirrorservice.mirror.http;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** One JSON object, written field by field: RFC 8259. */
public final class Json {

    private final StringBuilder text = new StringBuilder("{");

    /** A text. */
    public Json put(String name, String value) {
        return name(name).quoted(value);
    }

    /** A number. */
    public Json put(String name, long value) {
        name(name).text.append(value);
        return this;
    }

    /** A truth value. */
    public Json put(String name, boolean value) {
        name(name).text.append(value);
        return this;
    }

    /** Another object, which is ended by this. */
    public Json put(String name, Json object) {
        name(name).text.append(object.end());
        return this;
    }

    /** A list of texts. */
    public Json putAll(String name, List<String> values) {
        name(name).text.append('[');
        for (int i = 0; i < values.size(); i++) {
            text.append(i == 0 ? "" : ",");
            quoted(values.get(i));
        }
        text.append(']');
        return this;
    }

    /** A list of objects, which are ended by this. */
    public Json put(String name, List<Json> objects) {
        name(name).text.append(objects.stream().map(Json::end).collect(Collectors.joining(",", "[", "]")));
        return this;
    }

    /** The whole object as a text. */
    public String end() {
        return text.append('}').toString();
    }

    private Json name(String name) {
        if (text.length() > 1) {
            text.append(',');
        }
        quoted(name).text.append(':');
        return this;
    }

    private Json quoted(String value) {
        text.append('"');
        value.chars().forEach(character -> character((char) character));
        text.append('"');
        return this;
    }

    /** Escapes what JSON demands, and all that is not ASCII, so that no reader's charset matters. */
    private void character(char character) {
        if (character == '"' || character == '\\') {
            text.append('\\').append(character);
        } else if (character >= ' ' && character <= '~') {
            text.append(character);
        } else {
            text.append(String.format(Locale.ROOT, "\\u%04x", (int) character));
        }
    }
}
