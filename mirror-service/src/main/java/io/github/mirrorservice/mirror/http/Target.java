package io.github.mirrorservice.mirror.http;

import java.util.BitSet;

/** What a request target may look like: one path in one spelling, then perhaps a query. RFC 3986, section 3.3; RFC 9112, section 3.2.1. */
final class Target {

    private static final BitSet PLAIN = new BitSet();
    private static final BitSet ESCAPABLE = new BitSet();

    static {
        PLAIN.set('a', 'z' + 1);
        PLAIN.set('A', 'Z' + 1);
        PLAIN.set('0', '9' + 1);
        "-._~!$&'()*+,;=:@/".chars().forEach(PLAIN::set);
        // An escape may stand for anything but what changes the meaning of a path or of another escape.
        ESCAPABLE.set(' ', 256);
        "/\\.%".chars().forEach(ESCAPABLE::clear);
        ESCAPABLE.clear(0x7F);
    }

    private Target() {}

    /** Whether it is a path from the root without empty, {@code .} and {@code ..} segments and hidden delimiters. */
    static boolean isPlain(String target) {
        String path = path(target);
        return path.startsWith("/")
                && isSpelledPlainly(path)
                && !path.contains("//")
                && !(path + "/").contains("/./")
                && !(path + "/").contains("/../")
                && isQuery(target.substring(path.length()));
    }

    /** The target without its query. */
    static String path(String target) {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    private static boolean isSpelledPlainly(String path) {
        for (int at = 0; at < path.length(); at++) {
            char character = path.charAt(at);
            if (character == '%' ? !isEscape(path, at) : !PLAIN.get(character)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isEscape(String path, int at) {
        if (at + 2 >= path.length()) {
            return false;
        }
        int high = Character.digit(path.charAt(at + 1), 16);
        int low = Character.digit(path.charAt(at + 2), 16);
        return high >= 0 && low >= 0 && ESCAPABLE.get(high * 16 + low);
    }

    private static boolean isQuery(String query) {
        return query.chars().allMatch(character -> character > ' ' && character < 0x7F && character != '#');
    }
}
