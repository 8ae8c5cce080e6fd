package io.github.mirrorservice.mirror.git;

/** What a Git object name looks like. */
final class ObjectNames {

    private static final int SHA1_DIGITS = 40;

    private ObjectNames() {}

    static void requireSha1(String hex) {
        if (hex.length() != SHA1_DIGITS || !isLowercaseHex(hex)) {
            throw new IllegalArgumentException("not a Git object name (40 lowercase hex digits): " + hex);
        }
    }

    /** A loop and no stream: every file of every listing passes here. */
    private static boolean isLowercaseHex(String text) {
        for (int i = 0; i < text.length(); i++) {
            char digit = text.charAt(i);
            if (!((digit >= '0' && digit <= '9') || (digit >= 'a' && digit <= 'f'))) {
                return false;
            }
        }
        return true;
    }
}
