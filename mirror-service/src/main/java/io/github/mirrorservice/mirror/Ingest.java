package io.github.mirrorservice.mirror;

import io.github.mirrorservice.mirror.archive.ArchiveException;
import io.github.mirrorservice.mirror.git.Commit;
import io.github.mirrorservice.mirror.git.CommitId;
import io.github.mirrorservice.mirror.git.GitClone;
import io.github.mirrorservice.mirror.git.GitException;
import io.github.mirrorservice.mirror.git.TreeChange;
import io.github.mirrorservice.mirror.metrics.IngestMeters;
import io.github.mirrorservice.mirror.metrics.IngestMeters.Phase;
import io.github.mirrorservice.mirror.opam.Ledger;
import io.github.mirrorservice.mirror.opam.OpamException;
import io.github.mirrorservice.mirror.opam.OpamTree;
import io.github.mirrorservice.mirror.opam.Outcome;
import io.github.mirrorservice.mirror.opam.Published;
import io.github.mirrorservice.mirror.opam.Snapshot;
import io.github.mirrorservice.mirror.opam.Snapshots;
import io.github.mirrorservice.mirror.opam.Snapshots.Advance;
import io.github.mirrorservice.mirror.opam.TreeEdit;
import io.github.mirrorservice.mirror.schedule.Lanes;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** One ingest: fetch the remote, turn what changed into the next snapshot, make it safe, serve it. */
final class Ingest {

    private static final Logger LOG = LoggerFactory.getLogger(Ingest.class);

    /** Whatever goes wrong, even a step that never ends: the next run comes. */
    private static final Duration LONGEST = Duration.ofMinutes(15);

    /** Others cannot be faster again and again, unless all of them are asked all the time. */
    private static final int MOST_TURNS = 20;

    private static final Duration BETWEEN_TURNS = Duration.ofMillis(100);

    private final GitClone git;
    private final Snapshots snapshots;
    private final Ledger ledger;
    private final Published published;
    private final Condition condition;
    private final IngestMeters meters;
    private final IngestProgress progress;
    private final Lanes lanes;
    private volatile OpamTree tree = OpamTree.EMPTY;
    private volatile @Nullable Refusal refusal;

    Ingest(
            GitClone git,
            Snapshots snapshots,
            Ledger ledger,
            Published published,
            Condition condition,
            IngestMeters meters,
            IngestProgress progress,
            Lanes lanes) {
        this.git = git;
        this.snapshots = snapshots;
        this.ledger = ledger;
        this.published = published;
        this.condition = condition;
        this.meters = meters;
        this.progress = progress;
        this.lanes = lanes;
    }

    /** What has to be there before a snapshot is published. */
    @FunctionalInterface
    interface Condition {

        /** Completes when the next snapshot may take the place of the one before, or fails with {@link ArchiveException}. */
        Mono<Void> met(Snapshot next, Optional<Snapshot> before);
    }

    /** Serves the snapshot of an earlier run and emits it, if there is one of this repository. Fails as the ledger does. */
    Mono<Snapshot> restore() {
        return ledger.restore(this::serve);
    }

    /** Emits how it ended and never fails; what is served changes with the very last step only. One run at a time. */
    Mono<Outcome> run() {
        return Mono.defer(this::turn)
                .repeatWhenEmpty(MOST_TURNS, again -> again.delayElements(BETWEEN_TURNS))
                .transform(lanes::watch)
                .timeout(LONGEST, Mono.error(() -> new TimeoutException("it took longer than " + LONGEST)))
                .onErrorResume(this::brokenOff)
                .transform(progress::observe)
                .checkpoint("ingest");
    }

    /** Emits how it ended, or nothing if another replica has published meanwhile: what it fetched may be newer. */
    private Mono<Outcome> turn() {
        Ledger.Turn turn = ledger.turn();
        return progress.phase(Phase.FETCH, git.fetch())
                .doOnNext(tip -> progress.upstreamAnswered())
                .flatMap(tip -> advance(tip, turn));
    }

    /** Emits what a run would publish now, or nothing if that is served already. Fails as fetching and the guard do. */
    Mono<Snapshot> plan() {
        return git.fetch()
                .filter(tip -> published
                        .current()
                        .filter(served -> snapshots.isCurrent(served, tip))
                        .isEmpty())
                .flatMap(tip -> edit(tip).flatMap(edit -> snapshots.next(edit, tip, published.current())))
                .map(Advance::snapshot)
                .transform(lanes::watch)
                .timeout(LONGEST, Mono.error(() -> new TimeoutException("it took longer than " + LONGEST)));
    }

    private Mono<Outcome> advance(Commit tip, Ledger.Turn turn) {
        Refusal refused = refusal;
        if (refused != null && refused.commit().equals(tip.id())) {
            return Mono.just(refused.why());
        }
        return Mono.justOrEmpty(published.current())
                .filter(served -> snapshots.isCurrent(served, tip))
                .<Outcome>map(Outcome.Unchanged::new)
                .switchIfEmpty(Mono.defer(() -> next(tip, turn)));
    }

    private Mono<Outcome> next(Commit tip, Ledger.Turn turn) {
        Instant seen = Instant.now();
        return progress.phase(Phase.DIFF, edit(tip))
                .flatMap(edit -> progress.phase(Phase.INDEX, snapshots.next(edit, tip, published.current())))
                .delayUntil(advance -> condition.met(advance.snapshot(), published.current()))
                .flatMap(advance -> progress.phase(Phase.PUBLISH, turn.publish(advance.snapshot(), this::serve))
                        .map(published -> published(advance, seen)))
                .onErrorResume(OpamException.Held.class, held -> Mono.just(refuse(tip, held)))
                .onErrorResume(Ingest::isAboutArchives, this::withhold);
    }

    /** The changes since the tree at hand, or the whole new tree where Git no longer knows the old one. */
    private Mono<TreeEdit> edit(Commit tip) {
        OpamTree basis = tree;
        return Mono.justOrEmpty(basis.commit())
                .flatMap(from -> git.holds(from).filter(held -> held).map(held -> from))
                .flatMap(from -> snapshots.edit(basis, changes(Optional.of(from), tip)))
                .switchIfEmpty(Mono.defer(() -> snapshots.edit(OpamTree.EMPTY, changes(Optional.empty(), tip))));
    }

    private Flux<TreeChange> changes(Optional<CommitId> from, Commit tip) {
        return progress.files(git.changes(from, tip.id()));
    }

    /** What was held back is looked at anew by the next run. */
    void reconsider() {
        refusal = null;
    }

    private Outcome published(Advance advance, Instant seen) {
        tree = advance.tree();
        refusal = null;
        meters.publishDelay(Duration.between(seen, Instant.now()));
        return new Outcome.Changed(advance.snapshot());
    }

    /** Serves a snapshot that is safe: one of its own, or of another replica. */
    void serve(Snapshot snapshot) {
        published.publish(snapshot);
        meters.published(
                snapshot.published(),
                snapshot.commit().time(),
                snapshot.counts().packages(),
                snapshot.index().length());
    }

    /** One failure, or several at once. */
    private static boolean isAboutArchives(Throwable failure) {
        return Exceptions.unwrapMultiple(failure).stream().anyMatch(ArchiveException.class::isInstance);
    }

    /** The next run tries again, whether or not there is a new commit. */
    private Mono<Outcome> withhold(Throwable failure) {
        meters.held("archives");
        return Mono.just(new Outcome.Held(
                "archives",
                "archives that are new in it cannot be had (%s); see /snapshot.json, or use --publish-archives try"
                        .formatted(Exceptions.unwrapMultiple(failure).get(0).getMessage())));
    }

    private Outcome refuse(Commit tip, OpamException.Held held) {
        Outcome.Held why = new Outcome.Held(held.reason(), held.getMessage());
        meters.held(held.reason());
        refusal = new Refusal(tip.id(), why);
        return why;
    }

    private Mono<Outcome> brokenOff(Throwable cause) {
        if (cause instanceof GitException remote) {
            return Mono.just(new Outcome.Failed(remote.reason(), remote.getMessage()));
        }
        if (cause instanceof OpamException.Disk disk) {
            return Mono.just(new Outcome.Failed("disk", disk.getMessage()));
        }
        if (cause instanceof OpamException shared) {
            return Mono.just(new Outcome.Failed("shared", shared.getMessage()));
        }
        LOG.error("an ingest broke off for a reason it should not have", cause);
        return Mono.just(new Outcome.Failed("internal", cause.toString()));
    }

    /** A commit that the guard holds back: asked again, the answer is the same and the work need not be done twice. */
    private record Refusal(CommitId commit, Outcome.Held why) {}
}
