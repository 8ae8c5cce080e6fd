package io.github.mirrorservice.mirror.archive;

import io.netty.util.ReferenceCounted;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import reactor.core.publisher.Flux;

/** The bytes of an archive, wherever they are. */
public interface Content {

    /**
     * Emits some of the bytes, in order, one part when the one before has left. Fails with {@link ArchiveException.Store} if they
     * cannot be had to the last.
     *
     * @param first the position of the first byte
     * @param count how many bytes
     */
    Flux<Part> parts(long first, long count);

    /** Writes all bytes to {@code target}, from the first to the last; to be called where blocking is allowed. */
    void copyTo(Sink target) throws IOException;

    /** Some bytes. It holds nothing until it is opened, so it may be dropped. */
    interface Part {

        /** A message for a Netty channel, which is to be released, or empty if the bytes are given up by now. */
        Optional<ReferenceCounted> open();
    }

    /** Where bytes are written to, piece by piece. */
    interface Sink {

        /** Takes the bytes up to the buffer's limit; the buffer is not kept. */
        void write(ByteBuffer bytes) throws IOException;
    }
}
