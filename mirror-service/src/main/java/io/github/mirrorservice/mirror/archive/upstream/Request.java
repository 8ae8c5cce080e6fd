package io.github.mirrorservice.mirror.archive.upstream;

import java.util.Optional;

/**
 * What to ask for.
 *
 * @param url where the archive is, as somebody wrote it; it is judged when it is asked
 * @param trusted whether the operator named its host: that host and port may then have a private address
 * @param resume what is there already
 */
public record Request(String url, boolean trusted, Optional<Resume> resume) {

    /** For an archive of which nothing is there, from a host that others named. */
    public static Request of(String url) {
        return new Request(url, false, Optional.empty());
    }
}
