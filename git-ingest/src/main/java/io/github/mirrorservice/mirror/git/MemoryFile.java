package io.github.mirrorservice.mirror.git;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jgit.internal.storage.dfs.ReadableChannel;

/** A file in memory, in blocks: it grows without being copied. */
final class MemoryFile {

    private static final int BLOCK = 1 << 16;

    private final List<byte[]> blocks = new ArrayList<>();
    private long length;

    long length() {
        return length;
    }

    void append(byte[] bytes, int offset, int count) {
        for (int done = 0; done < count; ) {
            int inBlock = (int) (length % BLOCK);
            if (inBlock == 0) {
                blocks.add(new byte[BLOCK]);
            }
            int step = Math.min(count - done, BLOCK - inBlock);
            System.arraycopy(bytes, offset + done, blocks.get(blocks.size() - 1), inBlock, step);
            done += step;
            length += step;
        }
    }

    /** Reads as a channel does: as much as there is, or -1 at the end. */
    int read(long position, ByteBuffer target) {
        int count = (int) Math.min(target.remaining(), length - position);
        for (int done = 0; done < count; ) {
            int inBlock = (int) ((position + done) % BLOCK);
            int step = Math.min(count - done, BLOCK - inBlock);
            target.put(blocks.get((int) ((position + done) / BLOCK)), inBlock, step);
            done += step;
        }
        return count > 0 ? count : -1;
    }

    ReadableChannel open() {
        return new Reading();
    }

    private final class Reading implements ReadableChannel {

        private long position;
        private boolean open = true;

        @Override
        public int read(ByteBuffer target) {
            int count = MemoryFile.this.read(position, target);
            position += Math.max(0, count);
            return count;
        }

        @Override
        public long position() {
            return position;
        }

        @Override
        public void position(long newPosition) {
            position = newPosition;
        }

        @Override
        public long size() {
            return length;
        }

        @Override
        public int blockSize() {
            return 0;
        }

        @Override
        public void setReadAheadBytes(int size) {
            // The bytes are at hand.
        }

        @Override
        public boolean isOpen() {
            return open;
        }

        @Override
        public void close() {
            open = false;
        }
    }
}
