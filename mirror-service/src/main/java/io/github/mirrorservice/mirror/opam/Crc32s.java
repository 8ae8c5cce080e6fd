package io.github.mirrorservice.mirror.opam;

/**
 * The CRC-32 of two byte strings joined, from theirs alone, as in zlib's {@code crc32_combine}: the first is multiplied by
 * x<sup>8n</sup> modulo the CRC's polynomial, where n is the length of the second, and the second is added.
 */
final class Crc32s {

    /** The polynomial of CRC-32 (ISO 3309), bits reversed, as gzip uses it. */
    private static final int POLYNOMIAL = 0xedb88320;

    /** x<sup>0</sup>: bits are reversed, so the highest is the lowest power. */
    private static final int ONE = 0x80000000;

    /** x<sup>8</sup>, the shift by one byte. */
    private static final int BYTE = ONE >>> 8;

    private static final int[] SHIFTS = shifts();

    private Crc32s() {}

    /** The CRC-32 of {@code first} followed by {@code second}, which is {@code secondLength} bytes long. */
    static int join(int first, int second, long secondLength) {
        return multiply(shift(secondLength), first) ^ second;
    }

    /** x<sup>8·bytes</sup>. */
    private static int shift(long bytes) {
        int result = ONE;
        for (int bit = 0; bit < Long.SIZE && (bytes >>> bit) != 0; bit++) {
            if (((bytes >>> bit) & 1) != 0) {
                result = multiply(result, SHIFTS[bit]);
            }
        }
        return result;
    }

    /** x<sup>8·2<sup>i</sup></sup> for each bit of a length, each the square of the one before. */
    private static int[] shifts() {
        int[] shifts = new int[Long.SIZE];
        shifts[0] = BYTE;
        for (int i = 1; i < shifts.length; i++) {
            shifts[i] = multiply(shifts[i - 1], shifts[i - 1]);
        }
        return shifts;
    }

    /** The product of two polynomials over GF(2), modulo the CRC's. */
    private static int multiply(int a, int b) {
        int product = 0;
        int shifted = b;
        for (int rest = a; rest != 0; rest <<= 1) {
            if (rest < 0) {
                product ^= shifted;
            }
            shifted = (shifted >>> 1) ^ ((shifted & 1) == 0 ? 0 : POLYNOMIAL);
        }
        return product;
    }
}
