package io.github.mirrorservice.mirror.demo;

import java.util.List;
import java.util.SplittableRandom;

/**
 * Random choices that depend on what they are made for and on nothing else, so that every file can be made again by itself,
 * on any machine.
 */
final class Dice {

    /** With this one the standard size has some 9,000 package versions. */
    private static final long SEED = 2029;

    private static final String HEX = "0123456789abcdef";
    private static final int DIGITS_PER_DRAW = 16;

    private final SplittableRandom random;

    private Dice(long seed) {
        this.random = new SplittableRandom(seed);
    }

    /** The dice for a purpose at a place: the same arguments give the same throws. */
    static Dice of(String purpose, int... place) {
        long seed = SEED + purpose.hashCode();
        for (int coordinate : place) {
            seed = new SplittableRandom(seed).nextLong() + coordinate;
        }
        return new Dice(seed);
    }

    /** A number from 0 to {@code bound - 1}. */
    int below(int bound) {
        return (int) (((random.nextLong() >>> 33) * bound) >>> 31);
    }

    /** True in so many of a hundred throws. */
    boolean chance(int percent) {
        return below(100) < percent;
    }

    <T> T pick(List<T> choices) {
        return choices.get(below(choices.size()));
    }

    /** A number from 0 to {@code bound - 1} that is small more often than not. */
    int lowBelow(int bound) {
        double one = fraction();
        return (int) (one * one * one * bound);
    }

    /**
     * A number from 0 with a long tail: half of the throws are below {@code scale / 4}, the mean is about
     * {@code (scale - 1) / 2}, one throw in a hundred is above {@code 3.6 * scale}.
     */
    int longTail(int scale) {
        return (int) (scale / StrictMath.cbrt(1 - fraction())) - scale;
    }

    /** So many hexadecimal digits. */
    String hex(int digits) {
        StringBuilder text = new StringBuilder(digits);
        while (text.length() < digits) {
            long bits = random.nextLong();
            for (int i = 0; i < DIGITS_PER_DRAW && text.length() < digits; i++) {
                text.append(HEX.charAt((int) (bits >>> (4 * i)) & 0xf));
            }
        }
        return text.toString();
    }

    private double fraction() {
        return (random.nextLong() >>> 11) * 0x1.0p-53;
    }
}
