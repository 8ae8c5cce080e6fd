package io.github.mirrorservice.mirror.archive;

import java.util.List;

/**
 * What one place says of an archive.
 *
 * @param digests what its bytes must hash to, all of them, in the order in which they were found; at least one, and at most
 *     one of each algorithm
 * @param urls where it can be had over HTTP, in the order in which to try; perhaps none
 */
public record Claim(List<Digest> digests, List<String> urls) {

    /** Refuses a claim without a digest, or with two of one algorithm. */
    public Claim {
        digests = List.copyOf(digests);
        urls = List.copyOf(urls);
        if (digests.isEmpty()
                || digests.stream().map(Digest::algorithm).distinct().count() < digests.size()) {
            throw new IllegalArgumentException(
                    "a claim has one digest of each algorithm, and one at least: " + digests);
        }
    }
}
