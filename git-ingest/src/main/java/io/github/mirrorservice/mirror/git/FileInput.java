package io.github.mirrorservice.mirror.git;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.eclipse.jgit.internal.storage.dfs.ReadableChannel;

/** A file that is being read; like {@link FileOutput}, it does not mind interruptions. */
final class FileInput implements ReadableChannel {

    private final RandomAccessFile file;
    private boolean open = true;

    FileInput(Path path) throws IOException {
        this.file = new RandomAccessFile(path.toFile(), "r");
    }

    /** Reads into a buffer that is backed by an array, as all of JGit's are. */
    static int read(RandomAccessFile file, long position, ByteBuffer target) throws IOException {
        file.seek(position);
        int count = file.read(target.array(), target.arrayOffset() + target.position(), target.remaining());
        target.position(target.position() + Math.max(0, count));
        return count;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        return read(file, file.getFilePointer(), target);
    }

    @Override
    public long position() throws IOException {
        return file.getFilePointer();
    }

    @Override
    public void position(long position) throws IOException {
        file.seek(position);
    }

    @Override
    public long size() throws IOException {
        return file.length();
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
        return open;
    }

    @Override
    public void close() throws IOException {
        open = false;
        file.close();
    }
}
