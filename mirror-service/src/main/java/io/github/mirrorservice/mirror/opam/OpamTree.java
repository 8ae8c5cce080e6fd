package io.github.mirrorservice.mirror.opam;

import io.github.mirrorservice.mirror.git.BlobId;
import io.github.mirrorservice.mirror.git.CommitId;
import java.util.List;
import java.util.Optional;

/** The files of an opam repository at one commit, deflated in segments: what the next tree is made from. */
public final class OpamTree {

    /** A tree without files, made from no commit. */
    public static final OpamTree EMPTY =
            new OpamTree(Optional.empty(), Optional.empty(), Optional.empty(), List.of(), Census.EMPTY, List.of());

    private final Optional<CommitId> commit;
    private final Optional<BlobId> repo;
    private final Optional<BlobId> version;
    private final List<Entry> entries;
    private final Census census;
    private final List<Segment> segments;

    OpamTree(
            Optional<CommitId> commit,
            Optional<BlobId> repo,
            Optional<BlobId> version,
            List<Entry> entries,
            Census census,
            List<Segment> segments) {
        this.commit = commit;
        this.repo = repo;
        this.version = version;
        this.entries = entries;
        this.census = census;
        this.segments = segments;
    }

    /** The commit it was made from; empty for {@link #EMPTY}. */
    public Optional<CommitId> commit() {
        return commit;
    }

    /** The source of the {@code repo} file. */
    Optional<BlobId> repo() {
        return repo;
    }

    /** The {@code version} file. */
    Optional<BlobId> version() {
        return version;
    }

    /** The files below {@code packages/}, sorted by path. */
    List<Entry> entries() {
        return entries;
    }

    /** What the entries hold. */
    Census census() {
        return census;
    }

    /** The deflated form of the entries, in their order and without gap. */
    List<Segment> segments() {
        return segments;
    }

    /**
     * Entries that were deflated together.
     *
     * @param from the position of the first
     * @param to the position after the last
     * @param deflated their part of the index
     */
    record Segment(int from, int to, Deflated deflated) {

        /** How many entries it holds. */
        int size() {
            return to - from;
        }
    }
}
