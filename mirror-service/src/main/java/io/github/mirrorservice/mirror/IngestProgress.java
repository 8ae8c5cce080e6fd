package io.github.mirrorservice.mirror;

import io.github.mirrorservice.mirror.git.Transfer;
import io.github.mirrorservice.mirror.metrics.IngestMeters;
import io.github.mirrorservice.mirror.metrics.IngestMeters.Phase;
import io.github.mirrorservice.mirror.metrics.Waits;
import io.github.mirrorservice.mirror.opam.IngestStatus;
import io.github.mirrorservice.mirror.opam.IngestStatus.Ended;
import io.github.mirrorservice.mirror.opam.IngestStatus.Publication;
import io.github.mirrorservice.mirror.opam.IngestStatus.Running;
import io.github.mirrorservice.mirror.opam.IngestStatus.Step;
import io.github.mirrorservice.mirror.opam.Outcome;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** How far the ingest is that runs, and how the last ones ended: measured, and told to whoever asks. */
final class IngestProgress {

    private final IngestMeters meters;
    private final Waits waits;
    private final Supplier<Optional<Transfer>> transfer;
    private final Clock clock;
    private volatile Optional<Run> underWay = Optional.empty();
    private volatile Past past = new Past(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /**
     * Nothing has happened yet.
     *
     * @param meters what it is measured with
     * @param waits keeps the time around an ingest that changes what is served
     * @param transfer how far the fetch under way is
     */
    IngestProgress(IngestMeters meters, Waits waits, Supplier<Optional<Transfer>> transfer, Clock clock) {
        this.meters = meters;
        this.waits = waits;
        this.transfer = transfer;
        this.clock = clock;
    }

    /** The same run, watched. One runs at a time. */
    Mono<Outcome> observe(Mono<Outcome> run) {
        Mono<Outcome> watched = Mono.defer(() -> {
            Run begun = new Run(clock.instant());
            underWay = Optional.of(begun);
            return run.doOnNext(outcome -> ended(begun, outcome)).doOnCancel(() -> underWay = Optional.empty());
        });
        return meters.observe(watched, Outcome::word);
    }

    /** The same step of the run, watched. */
    <T> Mono<T> phase(Phase phase, Mono<T> step) {
        Mono<T> watched = Mono.defer(() -> {
            Instant begin = clock.instant();
            underWay.ifPresent(run -> run.phase = phase);
            return step.doOnTerminate(() -> underWay.ifPresent(run -> run.took(phase, begin, clock.instant())));
        });
        return meters.phase(phase, watched);
    }

    /** The same changes, counted. */
    <T> Flux<T> files(Flux<T> changes) {
        return changes.doOnNext(change -> underWay.ifPresent(run -> run.files.incrementAndGet()));
    }

    /** The remote has answered. */
    void upstreamAnswered() {
        meters.upstreamAnswered(clock.instant());
        past = new Past(past.last, Optional.of(clock.instant()), past.troubled, past.publication);
    }

    /**
     * Another replica has looked at the remote just now, all was well, and what it published is served here as well: whatever
     * was wrong is mended.
     */
    void lookedElsewhere() {
        upstreamAnswered();
        meters.current(clock.instant());
        past = new Past(
                past.last.filter(ended -> ended.outcome().isWell()), past.upstream, Optional.empty(), past.publication);
    }

    /** How it stands now. */
    IngestStatus status() {
        Past known = past;
        return new IngestStatus(
                underWay.map(this::running), known.last, known.upstream, known.troubled, known.publication);
    }

    private void ended(Run run, Outcome outcome) {
        Instant now = clock.instant();
        Duration took = Duration.between(run.since, now);
        if (outcome.isWell()) {
            meters.current(now);
        }
        Optional<Publication> published = outcome instanceof Outcome.Changed
                ? Optional.of(new Publication(now, took, List.copyOf(run.steps)))
                : Optional.empty();
        published.ifPresent(publication -> waits.keep(took));
        past = new Past(
                Optional.of(new Ended(outcome, now, took)),
                past.upstream,
                outcome.isWell() ? Optional.empty() : past.troubled.or(() -> Optional.of(now)),
                published.or(() -> past.publication));
        // Whoever is told next how it ended may ask whether it still runs.
        underWay = Optional.empty();
    }

    private Running running(Run run) {
        Optional<Transfer> fetched = transfer.get();
        return new Running(
                run.since,
                run.phase.label(),
                fetched.map(Transfer::bytes).orElse(0L),
                fetched.map(Transfer::objects).orElse(0L),
                fetched.map(Transfer::announced).orElse(0L),
                run.files.get());
    }

    private record Past(
            Optional<Ended> last,
            Optional<Instant> upstream,
            Optional<Instant> troubled,
            Optional<Publication> publication) {}

    /** A run under way. */
    private static final class Run {

        private final Instant since;
        private final List<Step> steps = new CopyOnWriteArrayList<>();
        private final AtomicLong files = new AtomicLong();
        private volatile Phase phase = Phase.FETCH;

        Run(Instant since) {
            this.since = since;
        }

        void took(Phase step, Instant begin, Instant end) {
            steps.add(new Step(step.label(), Duration.between(begin, end)));
        }
    }
}
