package io.github.mirrorservice.mirror.opam.format;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** A copy of bytes with some of them replaced, from front to back. */
final class Splice {

    private final byte[] original;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private int copied;

    Splice(byte[] original) {
        this.original = original;
    }

    /** Writes {@code text} instead of the bytes from {@code start} to {@code end}. */
    void replace(int start, int end, String text) {
        copyUpTo(start);
        out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
        copied = end;
    }

    /** Writes {@code line} as a line of its own behind everything else. */
    void addLine(String line) {
        copyUpTo(original.length);
        boolean open = original.length > 0 && original[original.length - 1] != '\n';
        out.writeBytes(((open ? "\n" : "") + line + '\n').getBytes(StandardCharsets.UTF_8));
    }

    byte[] bytes() {
        copyUpTo(original.length);
        return out.toByteArray();
    }

    private void copyUpTo(int end) {
        out.write(original, copied, end - copied);
        copied = end;
    }
}
