package io.github.mirrorservice.mirror.opam;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Puts a body together, piece by piece, and digests it on the way. */
final class BodyBuilder {

    /** Copying and digesting one piece stays far below a time slice. */
    private static final int LARGEST_PIECE = 32 * 1024;

    private final ByteBuffer bytes;
    private final MessageDigest sha256 = sha256();

    BodyBuilder(int length) {
        bytes = ByteBuffer.allocateDirect(length);
    }

    /** A small body. */
    static Body of(byte[] content) {
        return whole(ByteBuffer.allocateDirect(content.length).put(content).flip());
    }

    /** A body whose bytes are there already, in direct memory. */
    static Body whole(ByteBuffer content) {
        MessageDigest sha256 = sha256();
        sha256.update(content.duplicate());
        return new Body(content.asReadOnlyBuffer(), HexFormat.of().formatHex(sha256.digest()));
    }

    /** Cuts a buffer into pieces small enough to be added one at a time. */
    static List<ByteBuffer> pieces(ByteBuffer whole) {
        List<ByteBuffer> pieces = new ArrayList<>(whole.remaining() / LARGEST_PIECE + 1);
        for (int from = whole.position(); from < whole.limit(); from += LARGEST_PIECE) {
            pieces.add(whole.slice(from, Math.min(LARGEST_PIECE, whole.limit() - from)));
        }
        return pieces;
    }

    BodyBuilder add(ByteBuffer piece) {
        sha256.update(piece.duplicate());
        bytes.put(piece.duplicate());
        return this;
    }

    /** The finished body; nothing can be added after it. */
    Body build() {
        return new Body(bytes.flip().asReadOnlyBuffer(), HexFormat.of().formatHex(sha256.digest()));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
