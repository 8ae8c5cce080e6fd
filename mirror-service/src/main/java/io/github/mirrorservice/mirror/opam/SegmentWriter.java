package io.github.mirrorservice.mirror.opam;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * Deflates the tar segment by segment. The compressor starts anew at each segment but knows the 32 KiB before it, so that
 * a segment's bytes depend on these and on its own content only, and hardly any compression is lost. If it is abandoned,
 * the JDK's cleaner frees the compressor.
 */
final class SegmentWriter {

    static final int LEVEL = 6;

    /** So many bytes are taken at a time: the work on them stays far below a time slice. */
    static final int LARGEST_PIECE = 16 * 1024;

    private final Deflater deflater = new Deflater(LEVEL, true);
    private final Window window = new Window();
    private final CRC32 crc = new CRC32();
    private final ByteArrayOutputStream deflated = new ByteArrayOutputStream();
    private final byte[] piece = new byte[LARGEST_PIECE];
    private final byte[] buffer = new byte[16 * 1024];
    private final List<Deflated> segments = new ArrayList<>();
    private long length;

    /** Forgets what came before: what follows stands elsewhere in the tar. */
    void jump() {
        endSegment();
        window.clear();
    }

    /** Takes bytes that stand before a segment and are not part of it, at most {@link #LARGEST_PIECE}. */
    void context(Tar.Member member, int from) {
        window.add(piece, member.copy(from, piece));
    }

    /** Ends the segment under way, if any, and starts the next. */
    void startSegment() {
        endSegment();
        deflater.reset();
        window.prime(deflater);
    }

    /** Adds bytes to the segment under way, at most {@link #LARGEST_PIECE}. */
    void content(Tar.Member member, int from) {
        int count = member.copy(from, piece);
        window.add(piece, count);
        crc.update(piece, 0, count);
        length += count;
        deflater.setInput(piece, 0, count);
        drain(Deflater.NO_FLUSH);
    }

    /** Ends the last segment and emits all of them in the order they were written. Nothing can be added after it. */
    List<Deflated> finish() {
        endSegment();
        deflater.end();
        return segments;
    }

    private void endSegment() {
        if (length == 0) {
            return;
        }
        drain(Deflater.SYNC_FLUSH);
        segments.add(new Deflated(Stretch.of(deflated.toByteArray()), length, (int) crc.getValue()));
        deflated.reset();
        crc.reset();
        length = 0;
    }

    private void drain(int flush) {
        int count;
        do {
            count = deflater.deflate(buffer, 0, buffer.length, flush);
            deflated.write(buffer, 0, count);
        } while (count == buffer.length);
    }
}
