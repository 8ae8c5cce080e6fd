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

    private final List<Stretch> content = new ArrayList<>(List.of(HEADER));
    private int crc;
    private long length;

    /** The last part ends the deflate stream. */
    IndexFile add(Deflated part) {
        content.add(part.bytes());
        crc = Crc32s.join(crc, part.crc(), part.length());
        length += part.length();
        return this;
    }

    /** The bytes of the file, in order; nothing can be added after it. */
    List<Stretch> content() {
        content.add(trailer(crc, length));
        return content;
    }

    private static Stretch trailer(int crc, long length) {
        return Stretch.of(ByteBuffer.allocate(TRAILER_LENGTH)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(crc)
                .putInt((int) length)
                .array());
    }
}
