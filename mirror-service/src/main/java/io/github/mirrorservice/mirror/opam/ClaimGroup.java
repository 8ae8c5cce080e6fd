package io.github.mirrorservice.mirror.opam;

import io.github.mirrorservice.mirror.archive.Claim;
import io.github.mirrorservice.mirror.archive.Digest;
import io.github.mirrorservice.mirror.archive.Digest.Algorithm;
import io.github.mirrorservice.mirror.archive.Wanted;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Claims that share digests, as they are found: groups that turn out to be one are joined, the smaller into the larger. */
final class ClaimGroup {

    /** More is not remembered of one archive: the public repository says four different things of one at the most. */
    private static final int MOST_CLAIMS = 64;

    private final Set<Claim> claims = new LinkedHashSet<>();
    private Optional<ClaimGroup> joined = Optional.empty();
    private Optional<Wanted> together = Optional.empty();
    private int rank = Integer.MAX_VALUE;

    /** The group that this one has become a part of, or itself. */
    ClaimGroup root() {
        ClaimGroup root = this;
        while (root.joined.isPresent()) {
            root = root.joined.get();
        }
        return root;
    }

    /** Makes two roots one. */
    ClaimGroup join(ClaimGroup other) {
        if (isSame(other)) {
            return this;
        }
        boolean larger = claims.size() >= other.claims.size();
        ClaimGroup into = larger ? this : other;
        ClaimGroup from = larger ? other : this;
        from.claims.forEach(into::add);
        from.claims.clear();
        from.joined = Optional.of(into);
        into.rank = Math.min(into.rank, from.rank);
        return into;
    }

    @SuppressWarnings("ReferenceEquality") // groups are told apart by identity
    private boolean isSame(ClaimGroup other) {
        return this == other;
    }

    void add(Claim claim) {
        if (claims.size() < MOST_CLAIMS) {
            claims.add(claim);
        }
    }

    /** Some version of a package, the rank-th newest, names it. */
    void rank(int version) {
        rank = Math.min(rank, version);
    }

    int rank() {
        return rank;
    }

    /** What a digest in this group stands for: all of it, unless that contradicts itself. */
    Wanted wanted(Digest digest) {
        if (together.isEmpty() && !contradictsItself()) {
            together = Optional.of(new Wanted(List.copyOf(claims)));
        }
        return together.orElseGet(() -> alone(digest));
    }

    private boolean contradictsItself() {
        Map<Algorithm, Digest> seen = new EnumMap<>(Algorithm.class);
        return claims.stream()
                .flatMap(claim -> claim.digests().stream())
                .anyMatch(digest -> !digest.equals(seen.computeIfAbsent(digest.algorithm(), first -> digest)));
    }

    /** The claims that name this very digest; where there are too many claims, perhaps none is remembered that does. */
    private Wanted alone(Digest digest) {
        List<Claim> own = claims.stream()
                .filter(claim -> claim.digests().contains(digest))
                .toList();
        return own.isEmpty() ? new Wanted(List.of(new Claim(List.of(digest), List.of()))) : new Wanted(own);
    }
}
