package io.github.mirrorservice.mirror.opam;

import java.util.Comparator;

/**
 * How opam orders versions: opam.ocaml.org/doc/Manual.html#version-ordering. Stretches of other characters and of digits are
 * compared in turn. In the former {@code ~} stands before the end of the version, and letters before all else; the latter
 * are numbers.
 */
final class VersionOrder implements Comparator<String> {

    static final VersionOrder OLDEST_FIRST = new VersionOrder();

    private VersionOrder() {}

    @Override
    public int compare(String one, String other) {
        Reader left = new Reader(one);
        Reader right = new Reader(other);
        int order = 0;
        while (order == 0 && (left.more() || right.more())) {
            order = compareText(left, right);
            order = order == 0 ? compareNumber(left, right) : order;
        }
        return order;
    }

    private static int compareText(Reader left, Reader right) {
        int order = 0;
        while (order == 0 && (left.inText() || right.inText())) {
            order = Integer.compare(left.weight(), right.weight());
            left.step();
            right.step();
        }
        return order;
    }

    /** Numbers of any length: without leading zeros the longer one is the larger. */
    private static int compareNumber(Reader left, Reader right) {
        String one = left.number();
        String other = right.number();
        return one.length() == other.length() ? one.compareTo(other) : Integer.compare(one.length(), other.length());
    }

    /** Where one version is read. */
    private static final class Reader {

        private static final int BEHIND_LETTERS = 256;

        private final String version;
        private int at;

        Reader(String version) {
            this.version = version;
        }

        boolean more() {
            return at < version.length();
        }

        boolean inText() {
            return more() && !isDigit(version.charAt(at));
        }

        /** Of the character at hand; a digit, or the end, weighs nothing. */
        int weight() {
            if (!inText()) {
                return 0;
            }
            char character = version.charAt(at);
            if (character == '~') {
                return -1;
            }
            return isLetter(character) ? character : character + BEHIND_LETTERS;
        }

        void step() {
            if (inText()) {
                at++;
            }
        }

        String number() {
            while (more() && version.charAt(at) == '0') {
                at++;
            }
            int start = at;
            while (more() && isDigit(version.charAt(at))) {
                at++;
            }
            return version.substring(start, at);
        }

        private static boolean isDigit(char character) {
            return character >= '0' && character <= '9';
        }

        private static boolean isLetter(char character) {
            return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z');
        }
    }
}
