package io.github.mirrorservice.mirror.http;

import io.github.mirrorservice.mirror.git.Commit;
import io.github.mirrorservice.mirror.git.CommitId;
import io.github.mirrorservice.mirror.opam.Body;
import io.github.mirrorservice.mirror.opam.Snapshot;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Random;

/** Hand-made snapshots. */
final class Samples {

    static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
    static final Instant COMMITTED = Instant.parse("2026-08-22T10:00:00Z");
    static final Instant PUBLISHED = Instant.parse("2026-08-22T10:05:00.5Z");
    static final String REPO = "opam-version: \"2.0\"\nbrowse: \"https://opam.ocaml.org/pkg/\"\n";

    private Samples() {}

    /** A snapshot with an index of so many bytes. */
    static Snapshot snapshot(int indexBytes) {
        return snapshot("https://example.org/repository.git", COMMIT, indexBytes);
    }

    static Snapshot snapshot(String repository, String commit, int indexBytes) {
        byte[] index = new byte[indexBytes];
        new Random(commit.hashCode()).nextBytes(index);
        return new Snapshot(
                repository,
                new Commit(new CommitId(commit), COMMITTED),
                PUBLISHED,
                new Snapshot.Counts(4_596, 18_793, 11_496, 0),
                body(REPO.getBytes(StandardCharsets.UTF_8)),
                body(index));
    }

    static Body body(byte[] bytes) {
        ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
        return new Body(direct.asReadOnlyBuffer(), sha256(bytes));
    }

    static byte[] bytes(Body body) {
        byte[] bytes = new byte[body.bytes().remaining()];
        body.bytes().duplicate().get(bytes);
        return bytes;
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
