package io.github.mirrorservice.mirror.opam.format;

/** What stands between tokens: blanks, line breaks, {@code # comments} to the end of the line, {@code (* nested ones *)}. */
final class Blank {

    private Blank() {}

    /** The offset of the first byte at or behind {@code start} that is neither blank nor comment. */
    static int end(Source source, int start) {
        int at = start;
        int next = skip(source, at);
        while (next > at) {
            at = next;
            next = skip(source, at);
        }
        return at;
    }

    private static int skip(Source source, int at) {
        if (at == source.length()) {
            return at;
        }
        return switch (source.bytes()[at]) {
            case ' ', '\t', '\n' -> at + 1;
            case '\r' -> source.has(at + 1, '\n') ? at + 2 : at;
            case '#' -> lineEnd(source, at);
            case '(' -> source.has(at + 1, '*') ? commentEnd(source, at) : at;
            default -> at;
        };
    }

    private static int lineEnd(Source source, int start) {
        int at = start;
        while (at < source.length() && source.bytes()[at] != '\n') {
            at++;
        }
        return at;
    }

    private static int commentEnd(Source source, int start) {
        int depth = 1;
        int at = start + 2;
        while (at < source.length() && depth > 0) {
            int change = nesting(source, at);
            depth += change;
            at += change == 0 ? 1 : 2;
        }
        if (depth > 0) {
            throw source.broken(start, "unterminated comment");
        }
        return at;
    }

    /** What the bytes at {@code at} do to the depth of comments. */
    private static int nesting(Source source, int at) {
        if (source.has(at, '(') && source.has(at + 1, '*')) {
            return 1;
        }
        return source.has(at, '*') && source.has(at + 1, ')') ? -1 : 0;
    }
}
