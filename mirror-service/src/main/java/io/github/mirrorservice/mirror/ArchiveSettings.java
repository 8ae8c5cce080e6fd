package io.github.mirrorservice.mirror;

import io.github.mirrorservice.mirror.archive.upstream.AddressPolicy;
import io.github.mirrorservice.mirror.archive.upstream.Sources.Caches;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * What a mirror is told of archives.
 *
 * @param mode whether there are any, and when they are fetched
 * @param store where they are kept
 * @param allowed which hosts may be asked for them
 * @param caches other caches that may have them
 * @param publication whether a publication waits for the archives that it is the first to name
 * @param patience how long it waits at the most, where it only tries
 * @param scrubRate how many bytes of held archives are read again each second; empty for none
 */
record ArchiveSettings(
        Mode mode,
        Settings.Store store,
        AddressPolicy allowed,
        Caches caches,
        Publication publication,
        Duration patience,
        OptionalLong scrubRate) {

    private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);

    ArchiveSettings {
        if (patience.isZero() || patience.compareTo(LONGEST_WAIT) > 0) {
            throw new IllegalArgumentException("--publish-wait is a time up to 10m, such as 30s");
        }
    }

    /** The same, but what is held is not read again: an object store does that by itself. */
    ArchiveSettings unscrubbed() {
        return new ArchiveSettings(mode, store, allowed, caches, publication, patience, OptionalLong.empty());
    }

    boolean cached() {
        return mode != Mode.OFF;
    }

    /** When archives are fetched. */
    enum Mode {
        /** Never: clients are left to themselves. */
        OFF,
        /** When a client asks for one. */
        LAZY,
        /** All that the snapshot names, in the background; and when a client asks. */
        EAGER
    }

    /** Whether a publication waits for the archives that it is the first to name. */
    enum Publication {
        /** It does not. */
        NEVER,
        /** For a while; what is not there by then is a declared hole. */
        TRY,
        /** It is held back until they are there. */
        REQUIRE
    }
}
