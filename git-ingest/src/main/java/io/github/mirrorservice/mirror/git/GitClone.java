package io.github.mirrorservice.mirror.git;

import java.util.Optional;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The local copy of a Git remote: its last commits, without their history. All errors are {@link GitException}s. */
public interface GitClone extends BlobReader {

    /**
     * Fetches the tip of the branch and emits it, also when it is here already. History is never fetched; a force-push
     * is followed. One fetch runs at a time, the next one waits for its turn. Cancelling breaks the fetch off.
     */
    Mono<Commit> fetch();

    /** Emits whether this commit is here and can be read. */
    Mono<Boolean> holds(CommitId commit);

    /**
     * Emits what is different in {@code to}, in the order of the paths' unsigned bytes; without {@code from}, every file
     * of {@code to} as {@link TreeChange.Put}. Both commits must be here ({@link #holds}).
     *
     * <p>Files count by path and content; the executable bit is no difference. A symbolic link counts as the file or as
     * the files of the folder that it points to. A link that is absolute, leaves the tree, dangles, takes more than
     * eight links to follow or leads to a folder it lies in is left out, and so is a submodule.
     */
    Flux<TreeChange> changes(Optional<CommitId> from, CommitId to);
}
