package io.github.mirrorservice.mirror.git;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * The local copy of a Git remote: its last commits without their history, in memory or on disk.
 *
 * <p>All work is done on the blocking lane that is passed in; nothing starts before subscription.
 */
public final class GitMirror implements BlobReader, AutoCloseable {

    /** Changes that cross threads together, so that a reader of single elements costs no thread hop for each. */
    private static final int CHANGES_AHEAD = 256;

    private static final int IDS_AHEAD = 256;

    /** Contents held ahead of the reader: they bound the memory at 16 times the limit of one. */
    private static final int BLOBS_AHEAD = 16;

    private final GitRemote remote;
    private final GitLimits limits;
    private final Scheduler blocking;
    private final Store store;

    private GitMirror(Store store, GitRemote remote, GitLimits limits, Scheduler blocking) {
        IsolatedSystem.enter();
        this.store = store;
        this.remote = remote;
        this.limits = limits;
        this.blocking = blocking;
    }

    /** A mirror whose objects live in memory and are gone with the process. */
    public static GitMirror inMemory(GitRemote remote, GitLimits limits, Scheduler blocking) {
        return new GitMirror(new Store(MemoryPackFiles::new), remote, limits, blocking);
    }

    /** A mirror whose objects live in this directory, which is made at first use and belongs to the mirror alone. */
    public static GitMirror onDisk(Path directory, GitRemote remote, GitLimits limits, Scheduler blocking) {
        return new GitMirror(new Store(() -> new DiskPackFiles(directory)), remote, limits, blocking);
    }

    /**
     * Fetches the tip of the branch and emits it, also when it is the one that is here already. The history is never
     * fetched; a force-push is followed. One fetch runs at a time; a second one waits for its turn.
     * Fails with {@link GitException}. Cancelling breaks the talk with the remote off.
     */
    public Mono<Commit> fetch() {
        return Mono.fromCallable(() -> new Fetching(remote, limits).fetch(store.repository()))
                .onErrorMap(Failures::of)
                .subscribeOn(blocking)
                .checkpoint("fetch of the Git remote");
    }

    /** Emits the commit that was fetched last, without asking the remote; empty before the first fetch. */
    public Mono<Commit> tip() {
        return Mono.fromCallable(() -> store.repository().tipCommit())
                .flatMap(Mono::justOrEmpty)
                .onErrorMap(Failures::of)
                .subscribeOn(blocking);
    }

    /** Emits whether this commit and its tree are here. */
    public Mono<Boolean> holds(CommitId commit) {
        return Mono.fromCallable(() -> store.repository().holds(commit))
                .onErrorMap(Failures::of)
                .subscribeOn(blocking);
    }

    /**
     * Emits what is different in {@code to}, in the order of the paths' unsigned bytes; without {@code from}, every
     * file of {@code to} as {@link TreeChange.Put}. Both commits must be here ({@link #holds}).
     * Fails with {@link GitException}.
     */
    public Flux<TreeChange> changes(Optional<CommitId> from, CommitId to) {
        return Flux.<TreeChange, Changes>generate(() -> open(from, to), Changes::emit, Changes::close)
                .onErrorMap(Failures::of)
                .subscribeOn(blocking)
                .limitRate(CHANGES_AHEAD)
                .checkpoint("changes of a Git tree");
    }

    @Override
    public Flux<Blob> read(Flux<BlobId> ids) {
        return Flux.using(
                        () -> new Blobs(store.repository(), limits.tree()),
                        blobs -> ids.publishOn(blocking, IDS_AHEAD).map(blobs::read),
                        Blobs::close)
                .onErrorMap(Failures::of)
                .subscribeOn(blocking)
                .limitRate(BLOBS_AHEAD)
                .checkpoint("contents of Git blobs");
    }

    @Override
    public void close() {
        store.close();
    }

    private Changes open(Optional<CommitId> from, CommitId to) throws IOException {
        return Changes.between(store.repository(), from, to, limits.tree());
    }
}
