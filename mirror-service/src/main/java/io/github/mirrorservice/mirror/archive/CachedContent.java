package io.github.mirrorservice.mirror.archive;

import java.io.IOException;
import reactor.core.publisher.Flux;

/**
 * The bytes of an archive that all replicas share, and of a copy that is made here when they are first read.
 *
 * @param shared the archive
 * @param store where the copy is made
 */
record CachedContent(Archive shared, CachedArchives store) implements Content {

    @Override
    public Flux<Part> parts(long first, long count) {
        return store.copy(shared).defaultIfEmpty(shared).flatMapMany(archive -> archive.content()
                .parts(first, count));
    }

    /** Reads the shared bytes whether or not there is a copy: whoever finds them wrong knows which. */
    @Override
    public void copyTo(Sink target) throws IOException {
        store.copy(shared, target);
    }
}
