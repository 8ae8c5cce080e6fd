package io.github.mirrorservice.mirror.archive;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Where archives are kept: each once, under its SHA-256, and found by its MD5 and SHA-512 too, whether or not anybody names
 * these. What is held is whole and was verified when it came; what is dropped or taken out is so by an explicit call only.
 * Everything fails with {@link ArchiveException.Store} when the place itself does.
 */
public interface ArchiveStore {

    /** Makes its place ready; once, before anything else. What a crash left on its way is gone then. */
    Mono<Void> prepare();

    /** Emits the archive with this digest, or nothing if it is not held. */
    Mono<Archive> find(Digest digest);

    /**
     * The same for whoever looks for many in a row: what it says may be half a minute old where each look takes a call over a
     * network.
     */
    default Mono<Archive> glance(Digest digest) {
        return find(digest);
    }

    /** Emits a place for the bytes of one more archive; whoever takes it closes it. */
    Mono<Deposit> deposit();

    /** Emits every archive that is held, in the order of their SHA-256, as it goes along. */
    Flux<Archive> all();

    /** Takes an archive out of service, because its bytes are not what they were, and keeps it for inspection. */
    Mono<Void> quarantine(Archive archive);

    /** Emits how many archives, and how many bytes, were taken out of service and are still there. */
    Mono<Holdings> quarantined();

    /** Drops an archive for good. */
    Mono<Void> remove(Archive archive);

    /**
     * How much there is.
     *
     * @param archives how many
     * @param bytes their sizes, summed
     */
    record Holdings(long archives, long bytes) {

        /** Nothing. */
        public static final Holdings NONE = new Holdings(0, 0);

        /** With one more archive of this size. */
        public Holdings plus(long length) {
            return new Holdings(archives + 1, bytes + length);
        }

        /** With one archive of this size less. */
        public Holdings minus(long length) {
            return new Holdings(archives - 1, bytes - length);
        }
    }
}
