package io.github.mirrorservice.mirror.git;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.eclipse.jgit.internal.storage.dfs.DfsOutputStream;

/**
 * A file that is being written. It is no {@link java.nio.channels.FileChannel}: that one breaks when its thread is
 * interrupted, which is how a fetch is cancelled.
 */
final class FileOutput extends DfsOutputStream {

    private final Path path;
    private final RandomAccessFile file;
    private long length;

    FileOutput(Path path) {
        this.path = path;
        try {
            this.file = new RandomAccessFile(path.toFile(), "rw");
        } catch (IOException e) {
            throw DiskPackFiles.broken("written", path, e);
        }
    }

    @Override
    public void write(byte[] bytes, int offset, int count) {
        try {
            file.seek(length);
            file.write(bytes, offset, count);
            length += count;
        } catch (IOException e) {
            throw DiskPackFiles.broken("written", path, e);
        }
    }

    @Override
    public int read(long position, ByteBuffer target) throws IOException {
        return FileInput.read(file, position, target);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
