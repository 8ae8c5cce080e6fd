package io.github.mirrorservice.mirror.git;

import reactor.core.publisher.Flux;

/** Reads the contents of blobs. */
@FunctionalInterface
public interface BlobReader {

    /**
     * Emits the content of each blob, in the order of the ids and with backpressure. Work starts at subscription; where
     * it runs is the reader's choice, so whoever does work on the contents names its own lane.
     * Fails with {@link GitException} for a blob that is absent or too large.
     */
    Flux<Blob> read(Flux<BlobId> ids);
}
