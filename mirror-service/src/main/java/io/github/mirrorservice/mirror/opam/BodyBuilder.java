package io.github.mirrorservice.mirror.opam;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Makes a body of stretches and digests it, piece by piece. Where these lie in few buffers, they are taken as they are, so
 * that a step from one index to the next copies next to nothing. Where they lie in many, they are copied into one.
 */
final class BodyBuilder {

    /** So many buffers can be written to a socket at once. Each merge makes some more of them. */
    private static final int MOST_PARTS = 64;

    /** Copying and digesting one piece stays far below a time slice. */
    private static final int LARGEST_PIECE = 32 * 1024;

    private final List<Stretch> stretches;
    private final int length;
    private final Optional<ByteBuffer> copy;
    private final MessageDigest sha256 = sha256();

    BodyBuilder(List<Stretch> content) {
        stretches = Stretch.joined(content);
        length = stretches.stream().mapToInt(Stretch::length).reduce(0, Math::addExact);
        copy = stretches.size() > MOST_PARTS ? Optional.of(ByteBuffer.allocateDirect(length)) : Optional.empty();
    }

    /** What is to be added, in this order. */
    List<ByteBuffer> pieces() {
        return stretches.stream().flatMap(BodyBuilder::cut).toList();
    }

    private static Stream<ByteBuffer> cut(Stretch stretch) {
        int end = stretch.from() + stretch.length();
        return IntStream.iterate(stretch.from(), from -> from < end, from -> from + LARGEST_PIECE)
                .mapToObj(from -> stretch.buffer().slice(from, Math.min(LARGEST_PIECE, end - from)));
    }

    BodyBuilder add(ByteBuffer piece) {
        sha256.update(piece.duplicate());
        copy.ifPresent(bytes -> bytes.put(piece.duplicate()));
        return this;
    }

    /** The finished body; nothing can be added after it. */
    Body build() {
        List<ByteBuffer> parts = copy.map(bytes -> List.of(bytes.flip().asReadOnlyBuffer()))
                .orElseGet(() -> stretches.stream().map(Stretch::bytes).toList());
        return new Body(parts, length, HexFormat.of().formatHex(sha256.digest()));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
