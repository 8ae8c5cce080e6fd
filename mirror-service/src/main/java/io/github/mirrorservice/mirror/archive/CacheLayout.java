package io.github.mirrorservice.mirror.archive;

import io.github.mirrorservice.mirror.archive.Digest.Algorithm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Which file in a folder is which archive: {@code ALGORITHM/first two digits/HEX}, as {@code opam admin cache} lays it out and
 * clients ask for it. The file of the SHA-256 is the archive; those of the others are relative symbolic links to it.
 *
 * @param root the folder
 */
record CacheLayout(Path root) {

    /** The folder in the directory of a store. */
    static CacheLayout in(Path directory) {
        return new CacheLayout(directory.resolve("cache"));
    }

    /** The folder of all archives by one algorithm. */
    Path folder(Algorithm algorithm) {
        return root.resolve(algorithm.label());
    }

    /** The folder in it that a digest's file is in. */
    Path folder(Digest digest) {
        return folder(digest.algorithm()).resolve(digest.prefix());
    }

    /** The file, or link, of a digest. */
    Path file(Digest digest) {
        return folder(digest).resolve(digest.hex());
    }

    /** What the link of another digest of this archive holds. */
    static Path link(Digest sha256) {
        return Path.of("..", "..").resolve(sha256.path());
    }

    /** The SHA-256 that a digest leads to: itself, or what its link holds. Empty if there is no link, or one to elsewhere. */
    Optional<Digest> sha256(Digest digest) throws IOException {
        if (digest.algorithm() == Algorithm.SHA256) {
            return Optional.of(digest);
        }
        Path file = file(digest);
        return Files.isSymbolicLink(file) ? linked(Files.readSymbolicLink(file)) : Optional.empty();
    }

    private static Optional<Digest> linked(Path target) {
        return named(target).filter(sha256 -> link(sha256).equals(target));
    }

    /** The SHA-256 that a file is named by, if it is. */
    static Optional<Digest> named(Path file) {
        return Digest.parse(Algorithm.SHA256.label() + '=' + file.getFileName());
    }
}
