package io.github.mirrorservice.mirror.opam.format;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Strings of opam's format: between {@code "} or between {@code """}, over several lines if need be, with the same escapes
 * in both. The escapes name bytes, not characters.
 */
final class Quotation {

    private static final int TRIPLE = 3;
    private static final int MAX_BYTE = 255;

    private Quotation() {}

    /** The offset behind the string that begins at {@code start}. */
    static int end(Source source, int start) {
        int quotes = quotes(source, start);
        int at = start + quotes;
        while (at < source.length()) {
            byte octet = source.bytes()[at];
            if (octet == '"' && (quotes == 1 || isTriple(source, at))) {
                return at + quotes;
            }
            at = octet == '\\' ? escapeEnd(source, at) : at + 1;
        }
        throw source.broken(start, "unterminated string");
    }

    /** What the string from {@code start} to {@code end} says. */
    static String text(Source source, int start, int end) {
        int quotes = quotes(source, start);
        int from = start + quotes;
        int to = end - quotes;
        for (int at = from; at < to; at++) {
            if (source.bytes()[at] == '\\' || source.bytes()[at] == '\r') {
                return unescaped(source, from, to);
            }
        }
        return source.text(from, to);
    }

    private static int quotes(Source source, int start) {
        return isTriple(source, start) ? TRIPLE : 1;
    }

    private static boolean isTriple(Source source, int at) {
        return source.has(at, '"') && source.has(at + 1, '"') && source.has(at + 2, '"');
    }

    private static int escapeEnd(Source source, int backslash) {
        int at = backslash + 1;
        int lineEnd = lineEnd(source, at);
        if (lineEnd > at) {
            return blanksEnd(source, lineEnd);
        }
        if (at < source.length() && "\\\"'nrtb ".indexOf(source.bytes()[at]) >= 0) {
            return at + 1;
        }
        if (decimal(source, at) <= MAX_BYTE || hexadecimal(source, at) <= MAX_BYTE) {
            return at + 3;
        }
        throw source.broken(
                backslash,
                "illegal escape sequence, expected one of \\\\ \\\" \\' \\n \\r \\t \\b,"
                        + " a blank or a line break behind \\, \\000 to \\255 or \\x00 to \\xFF");
    }

    private static String unescaped(Source source, int from, int to) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(to - from);
        int at = from;
        while (at < to) {
            if (source.bytes()[at] == '\\') {
                writeEscaped(source, at + 1, out);
                at = escapeEnd(source, at);
            } else {
                // A line break is one line feed, however it is written.
                at += source.has(at, '\r') && source.has(at + 1, '\n') ? 1 : 0;
                out.write(source.bytes()[at]);
                at++;
            }
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private static void writeEscaped(Source source, int at, ByteArrayOutputStream out) {
        byte escape = source.bytes()[at];
        switch (escape) {
            case '\r', '\n' -> {
                // The string goes on behind the next line's indentation.
            }
            case 'n' -> out.write('\n');
            case 'r' -> out.write('\r');
            case 't' -> out.write('\t');
            case 'b' -> out.write('\b');
            case 'x' -> out.write(hexadecimal(source, at));
            case '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> out.write(decimal(source, at));
            default -> out.write(escape);
        }
    }

    private static int lineEnd(Source source, int at) {
        int feed = source.has(at, '\r') ? at + 1 : at;
        return source.has(feed, '\n') ? feed + 1 : at;
    }

    private static int blanksEnd(Source source, int start) {
        int at = start;
        while (source.has(at, ' ') || source.has(at, '\t')) {
            at++;
        }
        return at;
    }

    /** The number that three decimal digits name, or one larger than any byte. */
    private static int decimal(Source source, int at) {
        return 100 * digit(source, at, 10) + 10 * digit(source, at + 1, 10) + digit(source, at + 2, 10);
    }

    /** The number that {@code x} and two hex digits name, or one larger than any byte. */
    private static int hexadecimal(Source source, int at) {
        return source.has(at, 'x') ? 16 * digit(source, at + 1, 16) + digit(source, at + 2, 16) : MAX_BYTE + 1;
    }

    /** The digit at {@code offset}, or a number larger than any byte. */
    private static int digit(Source source, int offset, int radix) {
        int digit = offset < source.length() ? Character.digit((char) (source.bytes()[offset] & 0xFF), radix) : -1;
        return digit < 0 ? MAX_BYTE + 1 : digit;
    }
}
