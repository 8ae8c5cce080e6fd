package io.github.mirrorservice.mirror.archive;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** Bytes in memory, in pieces as they came. */
final class MemoryContent implements LocalContent {

    /** By the position of their first byte. */
    private final NavigableMap<Long, ByteBuffer> pieces = new ConcurrentSkipListMap<>();

    private volatile long length;

    void append(ByteBuffer bytes) {
        ByteBuffer piece = ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
        long start = length;
        pieces.put(start, piece);
        length = start + piece.limit();
    }

    long length() {
        return length;
    }

    @Override
    public ByteBuf part(long first, long count) {
        long end = first + count;
        ByteBuffer[] covered = pieces.subMap(startOf(first), true, end, false).entrySet().stream()
                .map(piece -> cut(piece, first, end))
                .toArray(ByteBuffer[]::new);
        return Unpooled.wrappedBuffer(covered);
    }

    private long startOf(long position) {
        Long start = pieces.floorKey(position);
        return start == null ? position : start;
    }

    private static ByteBuffer cut(Map.Entry<Long, ByteBuffer> piece, long first, long end) {
        long start = piece.getKey();
        ByteBuffer bytes = piece.getValue();
        int from = (int) Math.max(0, first - start);
        int to = (int) Math.min(bytes.limit(), end - start);
        return bytes.slice(from, to - from);
    }

    @Override
    public void copyTo(Sink target) throws IOException {
        for (ByteBuffer piece : pieces.values()) {
            target.write(piece.duplicate());
        }
    }
}
