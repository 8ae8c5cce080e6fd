package io.github.mirrorservice.mirror.opam;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Makes a body of stretches and digests it, piece by piece. Where these lie in few buffers, they are taken as they are, so
 * that a step from one index to the next copies next to nothing. Where they lie in many, they are copied into few.
 */
final class BodyBuilder {

    /** So many buffers can be written to a socket at once. Each merge makes some more of them. */
    private static final int MOST_PARTS = 64;

    /** Into so many buffers a long body is copied, so that there is room for more. */
    private static final int MOST_COPIES = 32;

    /** Direct memory is filled with zeros when it is taken: so much of it is, far below a time slice. */
    private static final int SMALLEST_COPY = 256 * 1024;

    /** Copying and digesting one piece stays far below a time slice. */
    private static final int LARGEST_PIECE = 32 * 1024;

    private final List<Stretch> stretches;
    private final int length;
    private final List<ByteBuffer> copies = new ArrayList<>();
    private final MessageDigest sha256 = sha256();

    BodyBuilder(List<Stretch> content) {
        stretches = Stretch.joined(content);
        length = Stretch.length(stretches);
    }

    /**
     * Some bytes of the body.
     *
     * @param bytes at most {@link #LARGEST_PIECE} of them
     * @param room the length of the copy that begins with them, 0 if none does
     */
    record Piece(ByteBuffer bytes, int room) {}

    /** What is to be added, in this order; each is made when it is asked for. */
    Stream<Piece> pieces() {
        return stretches.size() > MOST_PARTS
                ? copied().stream().flatMap(group -> IntStream.range(0, group.size())
                        .boxed()
                        .flatMap(i -> cut(group.get(i), i == 0 ? Stretch.length(group) : 0)))
                : stretches.stream().flatMap(stretch -> cut(stretch, 0));
    }

    /** The stretches, grouped by the buffer that they are copied to: none is torn, for the next index may take it as it is. */
    private List<List<Stretch>> copied() {
        int enough = Math.max(SMALLEST_COPY, length / MOST_COPIES);
        List<List<Stretch>> groups = new ArrayList<>();
        int room = 0;
        for (Stretch stretch : stretches) {
            if (room <= 0) {
                groups.add(new ArrayList<>());
                room = enough;
            }
            groups.get(groups.size() - 1).add(stretch);
            room -= stretch.length();
        }
        return groups;
    }

    private static Stream<Piece> cut(Stretch stretch, int room) {
        int start = stretch.from();
        int end = start + stretch.length();
        return IntStream.iterate(start, from -> from < end, from -> from + LARGEST_PIECE)
                .mapToObj(from -> new Piece(
                        stretch.buffer().slice(from, Math.min(LARGEST_PIECE, end - from)), from == start ? room : 0));
    }

    BodyBuilder add(Piece piece) {
        sha256.update(piece.bytes().duplicate());
        if (piece.room() > 0) {
            copies.add(ByteBuffer.allocateDirect(piece.room()));
        }
        if (!copies.isEmpty()) {
            copies.get(copies.size() - 1).put(piece.bytes().duplicate());
        }
        return this;
    }

    /** The finished body; nothing can be added after it. */
    Body build() {
        Stream<ByteBuffer> parts = copies.isEmpty()
                ? stretches.stream().map(Stretch::bytes)
                : copies.stream().map(copy -> copy.flip().asReadOnlyBuffer());
        return new Body(parts.toList(), length, HexFormat.of().formatHex(sha256.digest()));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
