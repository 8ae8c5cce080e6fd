package io.github.mirrorservice.mirror.opam;

import io.github.mirrorservice.mirror.archive.Hasher;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Bytes that are served as they are.
 *
 * @param parts the content in order, read-only, in direct memory that other bodies may share; never more than some tens.
 *     Whoever reads one takes a {@link ByteBuffer#duplicate()}
 * @param length how many bytes
 * @param sha256 the SHA-256 of the content, 64 lowercase hex digits
 */
public record Body(List<ByteBuffer> parts, int length, String sha256) {

    /** Does not copy the parts. */
    public Body {
        parts = List.copyOf(parts);
    }

    /** A small body with a copy of these bytes. */
    public static Body of(byte[] content) {
        BodyBuilder builder = new BodyBuilder(List.of(Stretch.of(content)));
        builder.pieces().forEach(builder::add);
        return builder.build();
    }

    /** Whether the content still is what its digest says; takes some tens of milliseconds for an index. */
    public boolean isSound() {
        Hasher hasher = new Hasher();
        parts.forEach(part -> hasher.write(part.duplicate()));
        return hasher.digests().sha256().hex().equals(sha256);
    }
}
