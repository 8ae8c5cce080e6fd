package io.github.mirrorservice.mirror.opam.format;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The syntax tree as text that shows what binds to what: {@code «a & b»} for operators, {@code a{b}} for options, {@code TRUE} and {@code
 * FALSE} for booleans. Strings are shown in double quotes, with {@code \n}, {@code \r}, {@code \"} and {@code \\} escaped.
 */
final class Shape {

    private Shape() {}

    static String of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    static String of(byte[] content) {
        return items(Parser.parse(new Source("opam", content), name -> true));
    }

    static String quoted(String text) {
        return '"'
                + text.replace("\\", "\\\\")
                        .replace("\"", "\\\"")
                        .replace("\n", "\\n")
                        .replace("\r", "\\r")
                + '"';
    }

    private static String items(List<Item> items) {
        return items.stream().map(Shape::item).collect(Collectors.joining(" "));
    }

    private static String item(Item item) {
        if (item instanceof Item.Section section) {
            String title =
                    section.title().map(text -> quoted(text.text()) + ' ').orElse("");
            return section.kind() + ' ' + title + '{' + items(section.items()) + '}';
        }
        Item.Field field = (Item.Field) item;
        return field.name() + ": " + value(field.value());
    }

    private static String value(Value value) {
        if (value instanceof Value.Sequence sequence) {
            return '[' + values(sequence.values()) + ']';
        } else if (value instanceof Value.Group group) {
            return '(' + values(group.values()) + ')';
        } else if (value instanceof Value.Option option) {
            return value(option.value()) + '{' + values(option.options()) + '}';
        }
        return operation(value);
    }

    private static String operation(Value value) {
        if (value instanceof Value.Relation relation) {
            return '«' + value(relation.left()) + ' ' + sign(relation.operator()) + ' ' + value(relation.right()) + '»';
        } else if (value instanceof Value.Prefixed prefixed) {
            return '«' + sign(prefixed.operator()) + ' ' + value(prefixed.operand()) + '»';
        } else if (value instanceof Value.Logic logic) {
            return logic.operands().stream()
                    .map(Shape::value)
                    .collect(Collectors.joining(' ' + sign(logic.operator()) + ' ', "«", "»"));
        }
        return atom(value);
    }

    private static String atom(Value value) {
        if (value instanceof Value.Text text) {
            return quoted(text.text());
        } else if (value instanceof Value.Ident ident) {
            return ident.name();
        } else if (value instanceof Value.Bool bool) {
            return bool.value() ? "TRUE" : "FALSE";
        }
        return String.valueOf(((Value.Int) value).value());
    }

    private static String values(List<Value> values) {
        return values.stream().map(Shape::value).collect(Collectors.joining(" "));
    }

    private static String sign(Token operator) {
        return operator.description().replace("'", "");
    }
}
