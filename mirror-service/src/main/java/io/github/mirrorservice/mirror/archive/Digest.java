package io.github.mirrorservice.mirror.archive;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What the bytes of an archive hash to. Digests are ordered by strength, weakest first.
 *
 * @param algorithm the hash function
 * @param hex the hash, lowercase hex digits, as many as {@link Algorithm#digits()} says
 */
public record Digest(Algorithm algorithm, String hex) implements Comparable<Digest> {

    private static final Comparator<Digest> BY_STRENGTH =
            Comparator.comparing(Digest::algorithm).thenComparing(Digest::hex);

    private static final int PREFIX = 2;

    /** The hash functions that opam knows, weakest first. */
    public enum Algorithm {
        /** MD5, no longer safe against forgery. */
        MD5(32),
        /** SHA-2 with 256 bits. */
        SHA256(64),
        /** SHA-2 with 512 bits. */
        SHA512(128);

        private static final List<Algorithm> ALL = List.of(values());

        private final String label;
        private final int digits;

        Algorithm(int digits) {
            this.label = name().toLowerCase(Locale.ROOT);
            this.digits = digits;
        }

        /** Its name in opam files and cache paths, such as {@code sha256}. */
        public String label() {
            return label;
        }

        /** How many hex digits a hash has. */
        public int digits() {
            return digits;
        }

        private static Optional<Algorithm> named(String name) {
            String label = name.toLowerCase(Locale.ROOT);
            for (Algorithm algorithm : ALL) {
                if (algorithm.label.equals(label)) {
                    return Optional.of(algorithm);
                }
            }
            return Optional.empty();
        }
    }

    /** Refuses a hash that is not lowercase hex or not of the algorithm's length. */
    public Digest {
        if (!isHash(algorithm, hex)) {
            throw new IllegalArgumentException("not a %s hash (%d lowercase hex digits): %s"
                    .formatted(algorithm.label(), algorithm.digits(), hex));
        }
    }

    /**
     * The digest that opam reads in {@code text}: {@code md5=…}, {@code sha256=…} or {@code sha512=…} in any case, or 32 bare
     * hex digits, which are an MD5. Empty for anything else.
     */
    public static Optional<Digest> parse(String text) {
        int separator = text.indexOf('=');
        String hex = text.substring(separator + 1).toLowerCase(Locale.ROOT);
        return prefix(text, separator)
                .filter(algorithm -> isHash(algorithm, hex))
                .map(algorithm -> new Digest(algorithm, hex));
    }

    /**
     * The digest that opam reads in {@code text}, as {@link #parse} does.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Digest of(String text) {
        return parse(text)
                .orElseThrow(() -> new IllegalArgumentException(
                        "not a checksum (md5=, sha256= or sha512= and its hex digits, or 32 bare hex digits): "
                                + text));
    }

    /** Its first two digits: archives are spread over so many folders. */
    String prefix() {
        return hex.substring(0, PREFIX);
    }

    /** Where clients look for it in a cache: {@code ALGORITHM/HH/HEX}. */
    public String path() {
        return algorithm.label() + '/' + prefix() + '/' + hex;
    }

    private static Optional<Algorithm> prefix(String text, int separator) {
        return separator < 0 ? Optional.of(Algorithm.MD5) : Algorithm.named(text.substring(0, separator));
    }

    private static boolean isHash(Algorithm algorithm, String hex) {
        boolean isHash = hex.length() == algorithm.digits();
        for (int i = 0; isHash && i < hex.length(); i++) {
            isHash = isLowercaseHex(hex.charAt(i));
        }
        return isHash;
    }

    private static boolean isLowercaseHex(char character) {
        return (character >= '0' && character <= '9') || (character >= 'a' && character <= 'f');
    }

    /** Of the hash alone: that of an enum is another one in each process, and so would be the order of all maps. */
    @Override
    public int hashCode() {
        return hex.hashCode();
    }

    @Override
    public int compareTo(Digest other) {
        return BY_STRENGTH.compare(this, other);
    }

    /** The digest as opam writes it, such as {@code sha256=…}. */
    @Override
    public String toString() {
        return algorithm.label() + '=' + hex;
    }
}
