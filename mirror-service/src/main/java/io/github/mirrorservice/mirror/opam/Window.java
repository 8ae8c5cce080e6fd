package io.github.mirrorservice.mirror.opam;

import java.util.zip.Deflater;

/** The last 32 KiB of what was added: as far back as deflate can refer (RFC 1951). */
final class Window {

    static final int LENGTH = 32 * 1024;

    private final byte[] bytes = new byte[4 * LENGTH];
    private int end;

    void clear() {
        end = 0;
    }

    /** Adds the first {@code length} bytes. */
    void add(byte[] added, int length) {
        int kept = Math.min(length, LENGTH);
        if (end + kept > bytes.length) {
            dropOldest();
        }
        System.arraycopy(added, length - kept, bytes, end, kept);
        end += kept;
    }

    /** Lets the compressor refer to it. */
    void prime(Deflater deflater) {
        int length = Math.min(end, LENGTH);
        deflater.setDictionary(bytes, end - length, length);
    }

    private void dropOldest() {
        System.arraycopy(bytes, end - LENGTH, bytes, 0, LENGTH);
        end = LENGTH;
    }
}
