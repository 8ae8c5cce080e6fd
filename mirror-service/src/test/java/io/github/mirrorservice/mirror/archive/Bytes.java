package io.github.mirrorservice.mirror.archive;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;

/** Archives for tests. */
public final class Bytes {

    private Bytes() {}

    /** Bytes that depend on the seed alone. */
    public static byte[] random(long seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    /** Some of them. */
    public static byte[] cut(byte[] bytes, int first, int count) {
        return Arrays.copyOfRange(bytes, first, first + count);
    }

    /** Their digests. */
    public static Digests digests(byte[] bytes) {
        Hasher hasher = new Hasher();
        hasher.write(ByteBuffer.wrap(bytes));
        return hasher.digests();
    }
}
