package io.github.mirrorservice.mirror.git;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.jgit.internal.storage.dfs.DfsOutputStream;
import org.eclipse.jgit.internal.storage.dfs.ReadableChannel;
import org.eclipse.jgit.lib.ObjectId;

/** The repository's files in a directory of their own. */
final class DiskPackFiles implements PackFiles {

    private final Path directory;
    private final Path packs;
    private final Path tip;

    DiskPackFiles(Path directory) throws IOException {
        this.directory = directory;
        this.packs = directory.resolve("objects/pack");
        this.tip = directory.resolve("refs/heads/mirror");
        Files.createDirectories(packs);
        Files.createDirectories(tip.getParent());
    }

    @Override
    public List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(packs)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    @Override
    public long size(String name) throws IOException {
        return Files.size(packs.resolve(name));
    }

    @Override
    public DfsOutputStream write(String name) throws IOException {
        return new FileOutput(FileChannel.open(
                packs.resolve(name), StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    @Override
    public ReadableChannel read(String name) throws IOException {
        return new FileInput(FileChannel.open(packs.resolve(name), StandardOpenOption.READ));
    }

    @Override
    public void delete(String name) {
        try {
            Files.deleteIfExists(packs.resolve(name));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Override
    public Optional<ObjectId> tip() throws IOException {
        return Files.exists(tip)
                ? Optional.of(ObjectId.fromString(Files.readString(tip).strip()))
                : Optional.empty();
    }

    @Override
    public void tip(ObjectId commit) throws IOException {
        Path fresh = directory.resolve("tip.new");
        Files.writeString(fresh, commit.name() + "\n");
        Files.move(fresh, tip, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void clear() throws IOException {
        Files.deleteIfExists(tip);
        for (String name : names()) {
            delete(name);
        }
    }

    private static final class FileOutput extends DfsOutputStream {

        private final FileChannel file;

        FileOutput(FileChannel file) {
            this.file = file;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
            while (buffer.hasRemaining()) {
                file.write(buffer);
            }
        }

        @Override
        public int read(long position, ByteBuffer target) throws IOException {
            return file.read(target, position);
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }

    private static final class FileInput implements ReadableChannel {

        private final FileChannel file;

        FileInput(FileChannel file) {
            this.file = file;
        }

        @Override
        public int read(ByteBuffer target) throws IOException {
            return file.read(target);
        }

        @Override
        public long position() throws IOException {
            return file.position();
        }

        @Override
        public void position(long position) throws IOException {
            file.position(position);
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public int blockSize() {
            return 0;
        }

        @Override
        public void setReadAheadBytes(int size) {
            // The page cache reads ahead.
        }

        @Override
        public boolean isOpen() {
            return file.isOpen();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
