package io.github.mirrorservice.mirror.archive;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * An archive that is to be had, by all that is said of it.
 *
 * @param claims what is said, at least once; the claims share digests
 */
public record Wanted(List<Claim> claims) {

    /** Refuses an archive of which nothing is said. */
    public Wanted {
        claims = List.copyOf(claims);
        if (claims.isEmpty()) {
            throw new IllegalArgumentException("an archive of which nothing is said");
        }
    }

    /** Its digests, each once, strongest first. */
    public List<Digest> digests() {
        return claims.stream()
                .flatMap(claim -> claim.digests().stream())
                .distinct()
                .sorted(Comparator.reverseOrder())
                .toList();
    }

    /** One digest that stands for it: the strongest. */
    public Digest key() {
        return claims.stream()
                .map(Claim::digests)
                .flatMap(Collection::stream)
                .max(Comparator.naturalOrder())
                .orElseThrow();
    }

    /** Whether these bytes are it: they meet every digest of a claim. */
    public boolean accepts(Digests digests) {
        return claims.stream().anyMatch(claim -> digests.meet(claim.digests()));
    }
}
