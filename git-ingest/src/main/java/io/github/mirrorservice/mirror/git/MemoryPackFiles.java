package io.github.mirrorservice.mirror.git;

import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jgit.internal.storage.dfs.DfsOutputStream;
import org.eclipse.jgit.internal.storage.dfs.ReadableChannel;
import org.eclipse.jgit.lib.ObjectId;

/** The repository's files in memory. */
final class MemoryPackFiles implements PackFiles {

    private final Map<String, byte[]> files = new ConcurrentHashMap<>();
    private volatile Optional<ObjectId> tip = Optional.empty();

    @Override
    public Collection<String> names() {
        return files.keySet();
    }

    @Override
    public long size(String name) throws FileNotFoundException {
        return bytes(name).length;
    }

    @Override
    public DfsOutputStream write(String name) {
        return new Writing(name);
    }

    @Override
    public ReadableChannel read(String name) throws FileNotFoundException {
        return new Reading(bytes(name));
    }

    @Override
    public void delete(String name) {
        files.remove(name);
    }

    @Override
    public Optional<ObjectId> tip() {
        return tip;
    }

    @Override
    public void tip(ObjectId commit) {
        tip = Optional.of(commit);
    }

    @Override
    public void clear() {
        tip = Optional.empty();
        files.clear();
    }

    private byte[] bytes(String name) throws FileNotFoundException {
        byte[] bytes = files.get(name);
        if (bytes == null) {
            throw new FileNotFoundException(name);
        }
        return bytes;
    }

    private final class Writing extends DfsOutputStream {

        private final String name;
        private final Buffer buffer = new Buffer();

        Writing(String name) {
            this.name = name;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            buffer.write(bytes, offset, length);
        }

        @Override
        public int read(long position, ByteBuffer target) {
            return buffer.read((int) position, target);
        }

        @Override
        public void close() {
            files.put(name, buffer.toByteArray());
        }
    }

    /** Its bytes can be read while it grows, without a copy. */
    private static final class Buffer extends ByteArrayOutputStream {

        int read(int position, ByteBuffer target) {
            int length = Math.min(target.remaining(), count - position);
            if (length <= 0) {
                return -1;
            }
            target.put(buf, position, length);
            return length;
        }
    }

    private static final class Reading implements ReadableChannel {

        private final ByteBuffer bytes;
        private boolean open = true;

        Reading(byte[] bytes) {
            this.bytes = ByteBuffer.wrap(bytes);
        }

        @Override
        public int read(ByteBuffer target) {
            int length = Math.min(target.remaining(), bytes.remaining());
            if (length == 0) {
                return -1;
            }
            target.put(bytes.duplicate().limit(bytes.position() + length));
            bytes.position(bytes.position() + length);
            return length;
        }

        @Override
        public long position() {
            return bytes.position();
        }

        @Override
        public void position(long position) {
            bytes.position(Math.toIntExact(position));
        }

        @Override
        public long size() {
            return bytes.limit();
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
