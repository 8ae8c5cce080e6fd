package io.github.mirrorservice.mirror.opam.format;

import java.nio.charset.StandardCharsets;

/**
 * The bytes of a file in opam's format. The format is defined on bytes; they become text as UTF-8, and what is not UTF-8
 * becomes U+FFFD.
 *
 * @param file its path in the repository, for messages
 * @param bytes its content, never written to
 */
@SuppressWarnings("ArrayRecordComponent") // offsets point into it; never compared
record Source(String file, byte[] bytes) {

    int length() {
        return bytes.length;
    }

    /** Whether the byte at {@code offset} is {@code expected}; past the end nothing is. */
    boolean has(int offset, char expected) {
        return offset < bytes.length && bytes[offset] == expected;
    }

    String text(int start, int end) {
        return new String(bytes, start, end - start, StandardCharsets.UTF_8);
    }

    /** The message with the line and column of {@code offset}; takes time in proportion to the offset. */
    Diagnostic at(int offset, String message) {
        int line = 1;
        int column = 1;
        for (int i = 0; i < offset; i++) {
            if (bytes[i] == '\n') {
                line++;
                column = 1;
            } else if (!isContinuation(bytes[i])) {
                column++;
            }
        }
        return new Diagnostic(file, line, column, message);
    }

    OpamSyntaxException broken(int offset, String message) {
        return new OpamSyntaxException(at(offset, message));
    }

    /** Whether a byte continues a character of UTF-8, so that it takes no column of its own. */
    private static boolean isContinuation(byte octet) {
        return (octet & 0xC0) == 0x80;
    }
}
