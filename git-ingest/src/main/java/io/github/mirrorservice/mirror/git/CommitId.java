package io.github.mirrorservice.mirror.git;

/**
 * The name of a Git commit.
 *
 * @param hex 40 lowercase hex digits (SHA-1)
 */
public record CommitId(String hex) {

    /** Refuses anything but 40 lowercase hex digits. */
    public CommitId {
        ObjectNames.requireSha1(hex);
    }

    @Override
    public String toString() {
        return hex;
    }
}
