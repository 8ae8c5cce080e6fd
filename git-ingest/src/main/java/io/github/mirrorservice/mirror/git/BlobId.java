package io.github.mirrorservice.mirror.git;

/**
 * The name of a Git blob: the same name means the same bytes.
 *
 * @param hex 40 lowercase hex digits (SHA-1)
 */
public record BlobId(String hex) {

    /** Refuses anything but 40 lowercase hex digits. */
    public BlobId {
        ObjectNames.requireSha1(hex);
    }

    @Override
    public String toString() {
        return hex;
    }
}
