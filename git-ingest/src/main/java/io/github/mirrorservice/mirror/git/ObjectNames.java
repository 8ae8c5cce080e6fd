package io.github.mirrorservice.mirror.git;

/** What a Git object name looks like. */
final class ObjectNames {

    private static final int SHA1_DIGITS = 40;

    private ObjectNames() {}

    static void requireSha1(String hex) {
        if (hex.length() != SHA1_DIGITS || !hex.chars().allMatch(ObjectNames::isLowercaseHex)) {
            throw new IllegalArgumentException("not a Git object name (40 lowercase hex digits): " + hex);
        }
    }

    private static boolean isLowercaseHex(int character) {
        return (character >= '0' && character <= '9') || (character >= 'a' && character <= 'f');
    }
}
