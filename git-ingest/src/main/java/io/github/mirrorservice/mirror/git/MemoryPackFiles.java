package io.github.mirrorservice.mirror.git;

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

    private final Map<String, MemoryFile> files = new ConcurrentHashMap<>();
    private volatile Optional<ObjectId> tip = Optional.empty();

    @Override
    public Collection<String> names() {
        return files.keySet();
    }

    @Override
    public long size(String name) throws FileNotFoundException {
        return file(name).length();
    }

    @Override
    public DfsOutputStream write(String name) {
        return new Writing(name);
    }

    @Override
    public ReadableChannel read(String name) throws FileNotFoundException {
        return file(name).open();
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

    @Override
    public void close() {
        // The memory goes when nobody reads it any more.
    }

    private MemoryFile file(String name) throws FileNotFoundException {
        MemoryFile file = files.get(name);
        if (file == null) {
            throw new FileNotFoundException(name);
        }
        return file;
    }

    private final class Writing extends DfsOutputStream {

        private final String name;
        private final MemoryFile file = new MemoryFile();

        Writing(String name) {
            this.name = name;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            file.append(bytes, offset, length);
        }

        @Override
        public int read(long position, ByteBuffer target) {
            return file.read(position, target);
        }

        @Override
        public void close() {
            files.put(name, file);
        }
    }
}
