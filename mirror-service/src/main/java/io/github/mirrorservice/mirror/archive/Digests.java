package io.github.mirrorservice.mirror.archive;

import io.github.mirrorservice.mirror.archive.Digest.Algorithm;
import java.io.IOException;
import java.util.Collection;
import java.util.List;

/**
 * Every digest of some bytes: clients ask a cache for one of them, and which one the metadata alone decides.
 *
 * @param md5 their MD5
 * @param sha256 their SHA-256, by which archives are told apart
 * @param sha512 their SHA-512
 */
public record Digests(Digest md5, Digest sha256, Digest sha512) {

    /** Refuses a digest in another's place. */
    public Digests {
        requireAlgorithm(Algorithm.MD5, md5);
        requireAlgorithm(Algorithm.SHA256, sha256);
        requireAlgorithm(Algorithm.SHA512, sha512);
    }

    private static void requireAlgorithm(Algorithm algorithm, Digest digest) {
        if (digest.algorithm() != algorithm) {
            throw new IllegalArgumentException("not a " + algorithm.label() + " digest: " + digest);
        }
    }

    /** Those of all bytes of {@code content}, which are read; to be called where blocking is allowed. */
    static Digests of(Content content) throws IOException {
        Hasher hasher = new Hasher();
        content.copyTo(hasher::write);
        return hasher.digests();
    }

    /** All of them, weakest first. */
    public List<Digest> all() {
        return List.of(md5, sha256, sha512);
    }

    /** Whether all of these are among them. */
    public boolean meet(Collection<Digest> expected) {
        return all().containsAll(expected);
    }
}
