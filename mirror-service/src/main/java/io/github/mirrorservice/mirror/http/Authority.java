package io.github.mirrorservice.mirror.http;

/** What a Host header may look like: a name or an address, then perhaps a port. RFC 3986, section 3.2, without users. */
final class Authority {

    private static final Alphabet NAME = new Alphabet(Alphabet.LETTERS + Alphabet.DIGITS + "-._~");
    private static final Alphabet BRACKETED = new Alphabet(Alphabet.DIGITS + "abcdefABCDEF:.");
    private static final Alphabet PORT = new Alphabet(Alphabet.DIGITS);
    private static final int PORT_DIGITS = 5;

    private Authority() {}

    static boolean isValid(String host) {
        int colon = host.indexOf(':', host.indexOf(']') + 1);
        int end = colon < 0 ? host.length() : colon;
        return isHost(host, end) && isPort(host, Math.min(end + 1, host.length()));
    }

    private static boolean isHost(String host, int end) {
        return host.startsWith("[")
                ? end > 2 && host.charAt(end - 1) == ']' && BRACKETED.spells(host, 1, end - 1)
                : end > 0 && NAME.spells(host, 0, end);
    }

    private static boolean isPort(String host, int from) {
        return host.length() - from <= PORT_DIGITS && PORT.spells(host, from, host.length());
    }
}
