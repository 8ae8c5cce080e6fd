package io.github.mirrorservice.mirror.opam;

import java.util.List;
import java.util.Optional;

/**
 * What the mirror needs to know of an opam file.
 *
 * @param archives the downloads it names
 * @param problem why it could not be read, with file, line and column; it is served unchanged all the same
 */
record OpamContent(List<ArchiveRef> archives, Optional<String> problem) {

    /** A file that says nothing to opam. */
    static final OpamContent NONE = new OpamContent(List.of(), Optional.empty());

    /** Larger opam files are served but not read: parsing one must not hold a shared thread for long. */
    private static final int LARGEST_READ = 256 * 1024;

    static OpamContent of(String path, byte[] bytes) {
        if (bytes.length > LARGEST_READ) {
            return unreadable(path + ": larger than " + LARGEST_READ + " bytes, so its archives are not known");
        }
        try {
            return new OpamContent(OpamFile.parse(path, bytes).archives(), Optional.empty());
        } catch (OpamSyntaxException broken) {
            return unreadable(broken.getMessage());
        }
    }

    private static OpamContent unreadable(String problem) {
        return new OpamContent(List.of(), Optional.of(problem));
    }
}
