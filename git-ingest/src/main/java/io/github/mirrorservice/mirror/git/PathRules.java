package io.github.mirrorservice.mirror.git;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Which paths a tree may have, and how many: one instance watches over one walk. */
final class PathRules {

    private static final int SPACE = 0x20;
    private static final int DELETE = 0x7f;

    private final GitLimits.Tree limits;
    private int entries;

    PathRules(GitLimits.Tree limits) {
        this.limits = limits;
    }

    /** Counts an entry, file or folder: a tree of folders alone can be endless too. */
    void count() {
        entries++;
        if (entries > limits.files()) {
            throw violation("the tree has more entries than the limit of " + limits.files());
        }
    }

    /** Refuses a path of too many components. */
    void requireDepth(int components, String path) {
        if (components > limits.depth()) {
            throw violation("the path " + Failures.shown(path) + " is deeper than the limit of " + limits.depth());
        }
    }

    /** Refuses a path of too many bytes. */
    void requireLength(String path) {
        // One character takes up to three bytes, and two characters up to four.
        if (path.length() * 3 > limits.pathBytes()
                && path.getBytes(StandardCharsets.UTF_8).length > limits.pathBytes()) {
            throw violation("the path " + Failures.shown(path) + " is longer than the limit of " + limits.pathBytes()
                    + " bytes");
        }
    }

    /** The order of paths by their unsigned bytes in UTF-8, which is the order of their code points. */
    static int compare(String one, String other) {
        int common = Math.min(one.length(), other.length());
        for (int i = 0; i < common; i++) {
            char a = one.charAt(i);
            char b = other.charAt(i);
            if (a != b) {
                // Surrogates stand for code points above all that a single character can be.
                boolean sameKind = Character.isSurrogate(a) == Character.isSurrogate(b);
                return sameKind ? a - b : Boolean.compare(Character.isSurrogate(a), Character.isSurrogate(b));
            }
        }
        return one.length() - other.length();
    }

    /** A path or a name as text; refuses what is not UTF-8 or holds control characters. */
    static String text(byte[] bytes, int offset, int length) {
        return isPlain(bytes, offset, length)
                ? new String(bytes, offset, length, StandardCharsets.ISO_8859_1)
                : strict(bytes, offset, length);
    }

    private static boolean isPlain(byte[] bytes, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            if (bytes[i] < SPACE || bytes[i] == DELETE) {
                return false;
            }
        }
        return true;
    }

    private static String strict(byte[] bytes, int offset, int length) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, offset, length))
                    .toString();
            if (text.chars().noneMatch(Character::isISOControl)) {
                return text;
            }
        } catch (CharacterCodingException e) {
            // The same answer as for control characters, below.
        }
        String shown = Failures.shown(new String(bytes, offset, length, StandardCharsets.UTF_8));
        throw violation("the path " + shown + " is not UTF-8 or holds control characters");
    }

    private static GitException violation(String problem) {
        return new GitException.Corrupt(problem + ". Remedy: mend the tree in the repository, or raise the limit.");
    }
}
