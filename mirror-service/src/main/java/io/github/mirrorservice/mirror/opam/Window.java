package io.github.mirrorservice.mirror.opam;

import java.util.Arrays;

/** The last 32 KiB of what was added: as far back as deflate can refer (RFC 1951). */
final class Window {

    static final int LENGTH = 32 * 1024;

    private final byte[] bytes = new byte[4 * LENGTH];
    private int end;

    void clear() {
        end = 0;
    }

    void add(byte[] added) {
        int kept = Math.min(added.length, LENGTH);
        if (end + kept > bytes.length) {
            dropOldest();
        }
        System.arraycopy(added, added.length - kept, bytes, end, kept);
        end += kept;
    }

    byte[] bytes() {
        return Arrays.copyOfRange(bytes, Math.max(0, end - LENGTH), end);
    }

    private void dropOldest() {
        System.arraycopy(bytes, end - LENGTH, bytes, 0, LENGTH);
        end = LENGTH;
    }
}
