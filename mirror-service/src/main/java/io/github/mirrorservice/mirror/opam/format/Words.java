package io.github.mirrorservice.mirror.opam.format;

/**
 * Identifiers, integers and booleans of opam's format. A word begins with a letter, digit, {@code _} or {@code -}; whether it
 * is an identifier depends on whether there is a letter further on.
 */
final class Words {

    private static final byte LETTER = 1;
    private static final byte OTHER = 2;
    private static final byte[] KINDS = kinds();

    /** The largest integer of opam, which has 63 bits; there is one more below zero. */
    private static final long MAX_INT = (1L << 62) - 1;

    private final Source source;
    private final byte[] bytes;

    /**
     * The end of the last run of word bytes that was found to hold no letter. A run is searched once; without this
     * {@code 1-1-1-1…} would take quadratic time.
     */
    private int letterless;

    Words(Source source) {
        this.source = source;
        this.bytes = source.bytes();
    }

    boolean isWordByte(int offset) {
        return KINDS[bytes[offset] & 0xFF] != 0;
    }

    /** The end of the identifier at {@code start}, such as {@code foo+bar:name}, or {@code start} if there is none. */
    int identEnd(int start) {
        int end = partEnd(start);
        if (end == start) {
            return start;
        }
        int part = end;
        while (part == end && source.has(end, '+')) {
            part = partEnd(end + 1);
            end = part > end + 1 ? part : end;
        }
        if (source.has(end, ':') && hasLetter(end + 1)) {
            return runEnd(end + 1);
        }
        return end;
    }

    /** The end of the integer at {@code start}, or {@code start} if there is none. */
    int digitsEnd(int start) {
        int first = bytes[start] == '-' ? start + 1 : start;
        int end = first;
        while (end < bytes.length && (isDigit(bytes[end]) || bytes[end] == '_')) {
            end++;
        }
        return end > first ? end : start;
    }

    boolean isBool(int start, int end) {
        return is("true", start, end) || is("false", start, end);
    }

    /** The integer from {@code start} to {@code end}, which {@link #digitsEnd} found. */
    static long number(Source source, int start, int end) {
        boolean negative = source.has(start, '-');
        int first = negative ? start + 1 : start;
        long limit = negative ? MAX_INT + 1 : MAX_INT;
        // opam takes a leading underscore for an integer, too, and then fails to read it.
        boolean readable = !source.has(first, '_');
        long value = 0;
        for (int at = first; at < end && readable; at++) {
            int digit = source.bytes()[at] - '0';
            readable = source.has(at, '_') || value <= (limit - digit) / 10;
            value = source.has(at, '_') ? value : 10 * value + digit;
        }
        if (!readable) {
            throw source.broken(start, "not an integer of 63 bits");
        }
        return negative ? -value : value;
    }

    /** The end of a run of word bytes with a letter, or of a lone underscore, or {@code start} if there is neither. */
    private int partEnd(int start) {
        if (hasLetter(start)) {
            return runEnd(start);
        }
        return source.has(start, '_') ? start + 1 : start;
    }

    private boolean hasLetter(int start) {
        if (start < letterless) {
            return false;
        }
        int at = start;
        while (at < bytes.length && KINDS[bytes[at] & 0xFF] == OTHER) {
            at++;
        }
        boolean letter = at < bytes.length && KINDS[bytes[at] & 0xFF] == LETTER;
        letterless = letter ? letterless : at;
        return letter;
    }

    private int runEnd(int start) {
        int at = start;
        while (at < bytes.length && isWordByte(at)) {
            at++;
        }
        return at;
    }

    private boolean is(String word, int start, int end) {
        if (end - start != word.length()) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            if (bytes[start + i] != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isDigit(byte octet) {
        return octet >= '0' && octet <= '9';
    }

    private static byte[] kinds() {
        byte[] kinds = new byte[256];
        for (char letter = 'a'; letter <= 'z'; letter++) {
            kinds[letter] = LETTER;
            kinds[Character.toUpperCase(letter)] = LETTER;
        }
        for (char other : "0123456789_-".toCharArray()) {
            kinds[other] = OTHER;
        }
        return kinds;
    }
}
