package io.github.mirrorservice.mirror.opam.format;

import java.util.List;

/**
 * What the mirror reads out of an opam file; the file itself is served as it is, well-formed or not.
 *
 * @param archives the source archives that it names, in the file's order, those of unavailable packages included
 * @param diagnostics what is wrong with it, the first few things; none in a well-formed file
 */
public record OpamFile(List<ArchiveRef> archives, List<Diagnostic> diagnostics) {

    /** Keeps its own lists. */
    public OpamFile {
        archives = List.copyOf(archives);
        diagnostics = List.copyOf(diagnostics);
    }

    /**
     * Reads an opam file of the formats 2.x. Never fails: a file that is not well-formed names no archives, and has one
     * diagnostic that says where it breaks. Takes time in proportion to the size, and allocates up to fifty times the size; the
     * caller limits the size. The largest file of opam-repository has 24 kB.
     *
     * @param path its path in the repository, for diagnostics
     * @param bytes its content, not written to and not kept
     */
    public static OpamFile read(String path, byte[] bytes) {
        Source source = new Source(path, bytes);
        try {
            return new Archives(source).read(Parser.parse(source, Archives.FIELDS::contains));
        } catch (OpamSyntaxException malformed) {
            return new OpamFile(List.of(), List.of(malformed.diagnostic()));
        }
    }
}
