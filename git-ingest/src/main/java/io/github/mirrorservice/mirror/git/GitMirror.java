package io.github.mirrorservice.mirror.git;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * A clone in memory or on disk.
 *
 * <p>All work is done on the blocking lane that is passed in, which needs two threads at least (one breaks off what the
 * other waits for). Nothing starts before subscription. All errors are {@link GitException}s.
 */
public final class GitMirror implements GitClone, AutoCloseable {

    /** Elements that cross threads together, so that whoever asks for single ones pays no hop for each. */
    private static final int AHEAD = 256;

    /** Contents held ahead of the reader: the memory of a reading is bounded by so many of the largest. */
    private static final int BLOBS_AHEAD = 16;

    private final Store store;
    private final GitLimits limits;
    private final Scheduler blocking;
    private final Trees trees;
    private final Fetches fetches;

    private GitMirror(Store store, GitRemote remote, GitLimits limits, Scheduler blocking) {
        IsolatedSystem.enter();
        this.store = store;
        this.limits = limits;
        this.blocking = blocking;
        this.trees = new Trees(limits.tree());
        this.fetches = new Fetches(remote, limits, store, blocking);
    }

    /** A mirror whose objects live in memory and are gone with the process. */
    public static GitMirror inMemory(GitRemote remote, GitLimits limits, Scheduler blocking) {
        return over(MemoryPackFiles::new, remote, limits, blocking);
    }

    /**
     * A mirror whose objects live in this directory. It is made at first use and belongs to the mirror alone; it may be
     * deleted while the mirror is closed, and is made anew when it is found damaged.
     */
    public static GitMirror onDisk(Path directory, GitRemote remote, GitLimits limits, Scheduler blocking) {
        return over(() -> DiskPackFiles.open(directory, remote), remote, limits, blocking);
    }

    static GitMirror over(Store.Opening files, GitRemote remote, GitLimits limits, Scheduler blocking) {
        return new GitMirror(new Store(files), remote, limits, blocking);
    }

    @Override
    public Mono<Commit> fetch() {
        return fetches.fetch().checkpoint("fetch of a Git remote");
    }

    /** How far the pack of the fetch under way has come, or nothing if none is coming. Any thread may ask, at any time. */
    public Optional<Transfer> transfer() {
        return fetches.transfer();
    }

    /** Emits the commit that was fetched last, without asking the remote; empty before the first fetch. */
    public Mono<Commit> tip() {
        return Mono.fromCallable(this::readTip)
                .flatMap(Mono::justOrEmpty)
                .onErrorMap(this::readingFailed)
                .subscribeOn(blocking);
    }

    @Override
    public Mono<Boolean> holds(CommitId commit) {
        return Mono.fromCallable(() -> readHolds(commit))
                .onErrorMap(this::readingFailed)
                .subscribeOn(blocking);
    }

    @Override
    public Flux<TreeChange> changes(Optional<CommitId> from, CommitId to) {
        return Flux.<TreeChange, Changes>generate(
                        () -> Changes.open(store.lease(), trees, from, to), Changes::emit, Changes::close)
                .onErrorMap(this::readingFailed)
                .subscribeOn(blocking)
                .limitRate(AHEAD)
                .checkpoint("changes of a Git tree");
    }

    @Override
    public Flux<Blob> read(Flux<BlobId> ids) {
        return Flux.using(
                        () -> new Blobs(store.lease(), limits.tree()),
                        blobs -> ids.publishOn(blocking, AHEAD).map(blobs::read),
                        Blobs::close)
                .onErrorMap(this::readingFailed)
                .subscribeOn(blocking)
                .limitRate(BLOBS_AHEAD)
                .checkpoint("contents of Git blobs");
    }

    @Override
    public void close() {
        store.close();
    }

    private Optional<Commit> readTip() throws IOException {
        try (Store.Lease lease = store.lease()) {
            return lease.repository().tipCommit();
        }
    }

    private boolean readHolds(CommitId commit) throws IOException {
        try (Store.Lease lease = store.lease()) {
            return lease.repository().holds(commit);
        }
    }

    private GitException readingFailed(Throwable thrown) {
        if (Failures.isStoreDamage(thrown)) {
            store.damaged();
        }
        return Failures.reading(thrown);
    }
}
