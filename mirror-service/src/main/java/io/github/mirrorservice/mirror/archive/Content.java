package io.github.mirrorservice.mirror.archive;

import io.netty.util.ReferenceCounted;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The bytes of an archive, wherever they are. */
public interface Content {

    /**
     * Some of the bytes, as a message that a Netty channel can be written: a {@code ByteBuf}, or a {@code FileRegion} that
     * the kernel sends without a detour through the process. It takes no memory before it is written, and is to be released.
     *
     * @param first the position of the first byte
     * @param count how many bytes
     */
    ReferenceCounted part(long first, long count);

    /** Writes all bytes to {@code target}, from the first to the last; to be called where blocking is allowed. */
    void copyTo(Sink target) throws IOException;

    /** Where bytes are written to, piece by piece. */
    interface Sink {

        /** Takes the bytes up to the buffer's limit; the buffer is not kept. */
        void write(ByteBuffer bytes) throws IOException;
    }
}
