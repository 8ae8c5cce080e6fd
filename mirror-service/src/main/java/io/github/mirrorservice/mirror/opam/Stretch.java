package io.github.mirrorservice.mirror.opam;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Some bytes of a buffer; other stretches may hold the bytes beside them.
 *
 * @param buffer direct memory that does not change any more
 * @param from the position of the first byte
 * @param length how many bytes
 */
record Stretch(ByteBuffer buffer, int from, int length) {

    /** A buffer of its own with a copy of these bytes. */
    static Stretch of(byte[] bytes) {
        return new Stretch(ByteBuffer.allocateDirect(bytes.length).put(bytes), 0, bytes.length);
    }

    /** The same bytes in as few stretches as can be had without copying. */
    static List<Stretch> joined(List<Stretch> stretches) {
        List<Stretch> joined = new ArrayList<>();
        for (Stretch next : stretches) {
            int last = joined.size() - 1;
            if (last >= 0 && joined.get(last).touches(next)) {
                Stretch before = joined.get(last);
                joined.set(last, new Stretch(before.buffer, before.from, before.length + next.length));
            } else {
                joined.add(next);
            }
        }
        return joined;
    }

    /** How many bytes they are; fails with {@link ArithmeticException} if these are more than one body can have. */
    static int length(List<Stretch> stretches) {
        return stretches.stream().mapToInt(Stretch::length).reduce(0, Math::addExact);
    }

    @SuppressWarnings("ReferenceEquality") // the very buffer, not one of the same content
    private boolean touches(Stretch next) {
        return buffer == next.buffer && from + length == next.from;
    }

    /** The bytes, to be read only. */
    ByteBuffer bytes() {
        return buffer.slice(from, length).asReadOnlyBuffer();
    }
}
