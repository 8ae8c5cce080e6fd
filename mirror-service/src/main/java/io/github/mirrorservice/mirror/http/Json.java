package io.github.mirrorservice.mirror.http;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** One JSON object, written field by field: RFC 8259. */
final class Json {

    private final StringBuilder text = new StringBuilder("{");

    Json put(String name, String value) {
        return name(name).quoted(value);
    }

    Json put(String name, long value) {
        name(name).text.append(value);
        return this;
    }

    /** A list of objects, which are ended by this. */
    Json put(String name, List<Json> objects) {
        name(name).text.append(objects.stream().map(Json::end).collect(Collectors.joining(",", "[", "]")));
        return this;
    }

    String end() {
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
