package io.github.mirrorservice.mirror.archive;

import io.netty.util.ReferenceCounted;
import java.util.Optional;
import reactor.core.publisher.Flux;

/** Bytes of an archive on this machine: any part of them is there at once. */
public interface LocalContent extends Content {

    /**
     * Some of the bytes, as a message that a Netty channel can be written: a {@code ByteBuf}, or a {@code FileRegion} that
     * the kernel sends without a detour through the process. It takes no memory before it is written, and is to be released.
     *
     * @param first the position of the first byte
     * @param count how many bytes
     */
    ReferenceCounted part(long first, long count);

    @Override
    default Flux<Part> parts(long first, long count) {
        return Flux.just(() -> Optional.of(part(first, count)));
    }
}
