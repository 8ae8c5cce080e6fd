package io.github.mirrorservice.mirror.opam;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** The form of {@code index.tar.gz}: one gzip member (RFC 1952), joined from parts that were deflated one by one. */
final class IndexFile {

    /** Magic, deflate, no flags, no time, no hint on the level, unknown system: the same for every index. */
    private static final Stretch HEADER = Stretch.of(new byte[] {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff});

    /** Where the first segment starts in the file. */
    static final int HEADER_LENGTH = HEADER.length();

    private static final int TRAILER_LENGTH = 8;

    private IndexFile() {}

    /** The bytes of the file, in order; the tail ends the deflate stream. */
    static List<Stretch> join(List<Deflated> segments, Deflated tail) {
        List<Deflated> parts = new ArrayList<>(segments);
        parts.add(tail);
        List<Stretch> file = new ArrayList<>(parts.size() + 2);
        file.add(HEADER);
        int crc = 0;
        long length = 0;
        for (Deflated part : parts) {
            file.add(part.bytes());
            crc = Crc32s.join(crc, part.crc(), part.length());
            length += part.length();
        }
        file.add(trailer(crc, length));
        return file;
    }

    private static Stretch trailer(int crc, long length) {
        return Stretch.of(ByteBuffer.allocate(TRAILER_LENGTH)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(crc)
                .putInt((int) length)
                .array());
    }
}
