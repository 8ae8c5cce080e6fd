package io.github.mirrorservice.mirror.opam.format;

import static java.util.stream.Collectors.joining;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Writes random files in opam's format, always the same ones for a seed, and knows the {@link Shape} of each. */
final class RandomOpam {

    private static final List<String> BLANKS =
            List.of(" ", "  ", "\t", "\n", "\r\n", " # comment ]\n", " (* comment (* nested *) \" *) ");
    private static final List<String> IDENTS = List.of("a", "x-y", "a1", "1a", "_b", "a:b", "a+b:c", "_+a", "trueish");
    private static final List<String> COMPARISONS = List.of("=", "!=", ">=", "<=", ">", "<");
    private static final List<String> UPDATES = List.of("+=", "=+", ":=", "=:", "=+=");
    private static final List<String> CHARACTERS =
            List.of("a", "Z", " ", "\"", "\\", "\n", "\r", "\t", "\b", "'", "é", "€", "#", "(*", "{");
    private static final int DEEP = 5;

    private final Random random;

    RandomOpam(long seed) {
        this.random = new Random(seed);
    }

    /** A text and its shape. */
    record Sample(String text, String shape) {

        Sample within(String open, String close) {
            return new Sample(open + text + close, open + shape + close);
        }
    }

    Sample file() {
        return items(0);
    }

    private Sample items(int depth) {
        return sequence(random.nextInt(4), () -> item(depth));
    }

    private Sample item(int depth) {
        String name = oneOf(IDENTS);
        if (depth > 2 || random.nextInt(4) > 0) {
            Sample value = value(depth);
            return new Sample(name + blank() + ':' + blank() + value.text(), name + ": " + value.shape());
        }
        Sample items = items(depth + 1).within("{", "}");
        Sample title = random.nextBoolean() ? string() : new Sample("", "");
        String shape = title.shape().isEmpty() ? name + ' ' : name + ' ' + title.shape() + ' ';
        return new Sample(name + blank() + title.text() + blank() + items.text(), shape + items.shape());
    }

    private Sample value(int depth) {
        return chain("|", () -> chain("&", () -> prefixed(depth)));
    }

    private Sample chain(String sign, Supplier<Sample> link) {
        List<Sample> links = Stream.generate(link)
                .limit(1 + Math.max(0, random.nextInt(6) - 3))
                .toList();
        String text = links.stream().map(Sample::text).collect(joining(blank() + sign + blank()));
        String shape = links.stream().map(Sample::shape).collect(joining(' ' + sign + ' '));
        return new Sample(text, links.size() == 1 ? shape : '«' + shape + '»');
    }

    private Sample prefixed(int depth) {
        if (random.nextInt(8) > 0) {
            return optional(depth);
        }
        String sign = oneOf(List.of("!", "?"));
        Sample operand = prefixed(depth + 1);
        return new Sample(sign + blank() + operand.text(), '«' + sign + ' ' + operand.shape() + '»');
    }

    private Sample optional(int depth) {
        Sample value = simple(depth);
        for (int i = random.nextInt(6); i > 4 && depth < DEEP; i--) {
            Sample options = values(depth).within("{", "}");
            value = new Sample(value.text() + blank() + options.text(), value.shape() + options.shape());
        }
        return value;
    }

    private Sample simple(int depth) {
        int kind = random.nextInt(depth < DEEP ? 10 : 6);
        if (kind < 4) {
            return atom();
        } else if (kind < 6) {
            return comparison();
        }
        return kind < 9 ? values(depth).within("[", "]") : values(depth).within("(", ")");
    }

    private Sample comparison() {
        String sign = oneOf(random.nextBoolean() ? COMPARISONS : UPDATES);
        Sample right = atom();
        if (COMPARISONS.contains(sign) && random.nextBoolean()) {
            // Brackets keep it from the atom that may stand in front.
            return new Sample('(' + sign + blank() + right.text() + ')', "(«" + sign + ' ' + right.shape() + "»)");
        }
        Sample left = atom();
        return new Sample(
                left.text() + blank() + sign + blank() + right.text(),
                '«' + left.shape() + ' ' + sign + ' ' + right.shape() + '»');
    }

    private Sample values(int depth) {
        return sequence(random.nextInt(4), () -> value(depth + 1));
    }

    private Sample sequence(int length, Supplier<Sample> element) {
        List<Sample> elements = Stream.generate(element).limit(length).toList();
        return new Sample(
                elements.stream().map(Sample::text).collect(joining(blank(), blank(), blank())),
                elements.stream().map(Sample::shape).collect(joining(" ")));
    }

    private Sample atom() {
        return switch (random.nextInt(6)) {
            case 0 -> random.nextBoolean() ? new Sample("true", "TRUE") : new Sample("false", "FALSE");
            case 1 -> same(String.valueOf(random.nextInt()));
            case 2, 3 -> same(oneOf(IDENTS));
            default -> string();
        };
    }

    private Sample string() {
        String quotes = oneOf(List.of("\"", "\"\"\""));
        StringBuilder literal = new StringBuilder(quotes);
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(6); i > 0; i--) {
            String character = oneOf(CHARACTERS);
            text.append(character);
            // A string that goes on in the next line loses the blanks it begins with there, unless they are escaped.
            literal.append(random.nextInt(4) > 0 ? escaped(character) : "\\\r\n \t" + bytes(character, "\\x%02x"));
        }
        return new Sample(literal.append(quotes).toString(), Shape.quoted(text.toString()));
    }

    private String escaped(String character) {
        return switch (character) {
            case "\"" -> "\\\"";
            case "\\" -> "\\\\";
            case "\r" -> "\\r";
            case "\n" -> oneOf(List.of("\n", "\r\n", "\\n", "\\010"));
            case "\t" -> oneOf(List.of("\t", "\\t", "\\x09"));
            case "\b" -> oneOf(List.of("\b", "\\b"));
            case "'" -> oneOf(List.of("'", "\\'"));
            default -> oneOf(List.of(character, bytes(character, "\\x%02X"), bytes(character, "\\%03d")));
        };
    }

    private static String bytes(String character, String form) {
        byte[] bytes = character.getBytes(StandardCharsets.UTF_8);
        return IntStream.range(0, bytes.length)
                .mapToObj(i -> String.format(form, bytes[i] & 0xFF))
                .collect(joining());
    }

    private static Sample same(String text) {
        return new Sample(text, text);
    }

    private String blank() {
        return oneOf(BLANKS);
    }

    private String oneOf(List<String> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
