package io.github.mirrorservice.mirror.archive;

import io.netty.channel.DefaultFileRegion;
import io.netty.util.AbstractReferenceCounted;
import io.netty.util.ReferenceCounted;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The bytes of a file that is being written, whatever becomes of its name meanwhile: one open file for its writer and all
 * readers, closed when the last of them lets go.
 */
final class GrowingFile extends AbstractReferenceCounted implements Content {

    private final FileChannel channel;

    private GrowingFile(FileChannel channel) {
        this.channel = channel;
    }

    /** A new, empty file; whoever makes it holds the first reference. */
    static GrowingFile create(Path file) throws IOException {
        return new GrowingFile(FileChannel.open(
                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.READ));
    }

    void append(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    void force() throws IOException {
        channel.force(false);
    }

    @Override
    public ReferenceCounted part(long first, long count) {
        retain();
        return new Part(first, count);
    }

    @Override
    public void copyTo(Sink target) throws IOException {
        FileContent.copy(channel, target);
    }

    @Override
    protected void deallocate() {
        try {
            channel.close();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    @Override
    public GrowingFile touch(Object hint) {
        return this;
    }

    /** Some of the bytes; it is released instead of closing the file. */
    private final class Part extends DefaultFileRegion {

        Part(long first, long count) {
            super(channel, first, count);
        }

        @Override
        protected void deallocate() {
            GrowingFile.this.release();
        }
    }
}
