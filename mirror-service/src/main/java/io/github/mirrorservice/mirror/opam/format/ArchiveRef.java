package io.github.mirrorservice.mirror.opam.format;

import io.github.mirrorservice.mirror.archive.Digest;
import java.util.List;

/**
 * A source archive that an opam file names.
 *
 * @param section what names it: {@code url}, or {@code extra-source NAME} with the NAME as it is in the file, which may be
 *     anything: to be escaped where it is shown
 * @param urls where it can be had over HTTP, the section's main one first, then its mirrors; never empty
 * @param digests what its bytes must hash to, all of them, in the file's order: clients ask caches for the first. At most one
 *     of each algorithm. Empty if the file has none that could be met: such an archive cannot be verified, so it is never cached
 */
public record ArchiveRef(String section, List<String> urls, List<Digest> digests) {

    /** Refuses an archive without a URL. */
    public ArchiveRef {
        if (urls.isEmpty()) {
            throw new IllegalArgumentException("an archive without a URL: " + section);
        }
        urls = List.copyOf(urls);
        digests = List.copyOf(digests);
    }
}
