package io.github.mirrorservice.mirror.http;

/** What a request target may look like: one path in one spelling, then perhaps a query. RFC 3986, section 3.3; RFC 9112, section 3.2.1. */
final class Target {

    private static final Alphabet PLAIN = new Alphabet(Alphabet.LETTERS + Alphabet.DIGITS + "-._~!$&'()*+,;=:@/");

    private Target() {}

    /** Whether it is a path from the root without empty, {@code .} and {@code ..} segments and hidden delimiters. */
    static boolean isPlain(String target) {
        String path = path(target);
        return path.startsWith("/") && isSpelledPlainly(path) && !hasOddSegment(path) && isQuery(target, path.length());
    }

    private static boolean hasOddSegment(String path) {
        return path.contains("//")
                || path.contains("/./")
                || path.contains("/../")
                || path.endsWith("/.")
                || path.endsWith("/..");
    }

    /** The target without its query. */
    static String path(String target) {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    private static boolean isSpelledPlainly(String path) {
        for (int at = 0; at < path.length(); at++) {
            char character = path.charAt(at);
            if (character == '%' ? !isEscape(path, at) : !PLAIN.has(character)) {
                return false;
            }
        }
        return true;
    }

    /** Whether the escape stands for anything but what changes the meaning of a path or of another escape. */
    private static boolean isEscape(String path, int at) {
        if (at + 2 >= path.length()) {
            return false;
        }
        int high = Character.digit(path.charAt(at + 1), 16);
        int low = Character.digit(path.charAt(at + 2), 16);
        int meant = high * 16 + low;
        return high >= 0 && low >= 0 && meant >= ' ' && "/\\.%\u007f".indexOf(meant) < 0;
    }

    private static boolean isQuery(String target, int from) {
        for (int at = from; at < target.length(); at++) {
            char character = target.charAt(at);
            if (character <= ' ' || character >= 0x7F || character == '#') {
                return false;
            }
        }
        return true;
    }
}
