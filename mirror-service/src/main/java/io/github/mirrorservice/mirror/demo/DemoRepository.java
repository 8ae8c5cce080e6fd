package io.github.mirrorservice.mirror.demo;

import io.github.mirrorservice.mirror.git.Commit;
import io.github.mirrorservice.mirror.git.CommitId;
import io.github.mirrorservice.mirror.git.GitLimits;
import io.github.mirrorservice.mirror.git.GitMirror;
import io.github.mirrorservice.mirror.git.GitRemote;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * A generated opam repository: a bare Git repository on disk that gets merges of its own accord, so that a mirror can be
 * tried and measured without a network.
 *
 * <p>Its files depend on the size and the number of merges alone, and the first commit of a size is the same everywhere.
 * Nothing is kept in memory: whoever comes next goes on from what lies on disk.
 */
public final class DemoRepository {

    private final Path directory;
    private final Writer writer;
    private final Scheduler blocking;

    /**
     * The demo in this directory, which belongs to it alone: anything else there is deleted.
     *
     * @param blocking where all work is done, and whose clock dates the merges
     */
    public DemoRepository(Path directory, DemoSize size, Scheduler blocking) {
        this.directory = directory;
        this.writer = new Writer(directory, size);
        this.blocking = blocking;
    }

    /** Where a mirror fetches it from. */
    public GitRemote remote() {
        return new GitRemote(GitRemote.Protocol.LOCAL, directory.toString(), Optional.empty(), Optional.empty());
    }

    /**
     * Emits the newest commit, after making the repository unless it is there. One that a mirror cannot fetch, or that has
     * another size, is made anew. Work starts at subscription. Fails with {@link DemoException}.
     */
    public Mono<CommitId> create() {
        return standing().switchIfEmpty(startOver()).checkpoint("creation of the demo repository");
    }

    /**
     * Emits the commit of a new merge again and again: each follows a pause of this length after the one before, and none
     * is made while one waits to be asked for. A repository that cannot be continued is made anew in place of a merge.
     * Never ends; for one subscriber at a time, since two would write to one branch. Fails with {@link DemoException}.
     */
    public Flux<CommitId> merges(Duration pause) {
        return Mono.delay(pause, blocking)
                .then(merge().onErrorResume(broken -> startOver()))
                .repeat()
                .checkpoint("merges of the demo repository");
    }

    private Mono<CommitId> standing() {
        return Mono.fromCallable(writer::progress)
                .flatMap(Mono::justOrEmpty)
                .subscribeOn(blocking)
                .flatMap(progress -> fetched())
                .map(Commit::id)
                .onErrorResume(broken -> Mono.empty());
    }

    /** The surest proof that a repository is whole: a mirror takes all of it. */
    private Mono<Commit> fetched() {
        return Mono.using(
                () -> GitMirror.inMemory(remote(), GitLimits.STANDARD, blocking), GitMirror::fetch, GitMirror::close);
    }

    private Mono<CommitId> merge() {
        return Mono.fromCallable(() -> writer.merge(now())).subscribeOn(blocking);
    }

    private Mono<CommitId> startOver() {
        return Mono.fromCallable(writer::startOver).onErrorMap(this::failure).subscribeOn(blocking);
    }

    private Instant now() {
        return Instant.ofEpochMilli(blocking.now(TimeUnit.MILLISECONDS));
    }

    private DemoException failure(Throwable cause) {
        return new DemoException(
                "The demo repository cannot be written to " + directory + " (" + cause
                        + "). Remedy: give it a directory that can be written and that has room (--data).",
                cause);
    }
}
