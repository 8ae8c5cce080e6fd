package io.github.mirrorservice.mirror.archive;

import io.netty.channel.DefaultFileRegion;
import io.netty.util.AbstractReferenceCounted;
import io.netty.util.ReferenceCounted;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;

/**
 * The bytes of one open file for all its readers, whatever becomes of its name meanwhile. Closed when the last of them, and
 * whoever opened it, lets go.
 */
class OpenFile extends AbstractReferenceCounted implements LocalContent {

    private final FileChannel channel;

    /** Whoever makes it holds the first reference. */
    OpenFile(FileChannel channel) {
        this.channel = channel;
    }

    FileChannel channel() {
        return channel;
    }

    /** Fails with {@link io.netty.util.IllegalReferenceCountException} if it is closed. */
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
    public OpenFile touch(Object hint) {
        return this;
    }

    /** Some of the bytes; it is released instead of closing the file. */
    private final class Part extends DefaultFileRegion {

        Part(long first, long count) {
            super(channel, first, count);
        }

        @Override
        protected void deallocate() {
            OpenFile.this.release();
        }
    }
}
