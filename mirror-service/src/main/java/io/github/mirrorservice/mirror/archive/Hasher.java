package io.github.mirrorservice.mirror.archive;

import io.github.mirrorservice.mirror.archive.Digest.Algorithm;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/** Every digest of the bytes that are written to it, in one pass. */
public final class Hasher {

    private final MessageDigest md5 = hash("MD5");
    private final MessageDigest sha256 = hash("SHA-256");
    private final MessageDigest sha512 = hash("SHA-512");
    private Optional<Digests> result = Optional.empty();

    /** A hasher of no bytes yet. */
    public Hasher() {}

    /** Reads the bytes to their limit; fails with {@link IllegalStateException} once the digests are made. */
    public void write(ByteBuffer bytes) {
        if (result.isPresent()) {
            throw new IllegalStateException("the digests are made");
        }
        md5.update(bytes.duplicate());
        sha256.update(bytes.duplicate());
        sha512.update(bytes);
    }

    /** The digests of all that was written; nothing can be written after this. */
    public Digests digests() {
        Digests digests = result.orElseGet(() -> new Digests(
                digest(Algorithm.MD5, md5), digest(Algorithm.SHA256, sha256), digest(Algorithm.SHA512, sha512)));
        result = Optional.of(digests);
        return digests;
    }

    private static Digest digest(Algorithm algorithm, MessageDigest hash) {
        return new Digest(algorithm, HexFormat.of().formatHex(hash.digest()));
    }

    private static MessageDigest hash(String name) {
        try {
            return MessageDigest.getInstance(name);
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }
}
