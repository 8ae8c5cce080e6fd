package io.github.mirrorservice.mirror;

import io.github.mirrorservice.mirror.archive.ArchiveCache;
import io.github.mirrorservice.mirror.archive.ArchiveStore;
import io.github.mirrorservice.mirror.archive.Digest;
import io.github.mirrorservice.mirror.archive.FileArchives;
import io.github.mirrorservice.mirror.archive.upstream.AddressPolicy;
import io.github.mirrorservice.mirror.archive.upstream.Sources;
import io.github.mirrorservice.mirror.archive.upstream.Sources.Caches;
import io.github.mirrorservice.mirror.archive.upstream.Tries;
import io.github.mirrorservice.mirror.metrics.ArchiveMeters;
import io.github.mirrorservice.mirror.metrics.IngestMeters;
import io.github.mirrorservice.mirror.metrics.Scrape;
import io.github.mirrorservice.mirror.metrics.Waits;
import io.github.mirrorservice.mirror.opam.OpamException;
import io.github.mirrorservice.mirror.opam.Outcome;
import io.github.mirrorservice.mirror.opam.PublishGuard;
import io.github.mirrorservice.mirror.opam.Published;
import io.github.mirrorservice.mirror.opam.Snapshot;
import io.github.mirrorservice.mirror.opam.SnapshotFile;
import io.github.mirrorservice.mirror.opam.Snapshots;
import io.github.mirrorservice.mirror.opam.SoleLedger;
import io.github.mirrorservice.mirror.schedule.Cooperation;
import io.github.mirrorservice.mirror.schedule.LaneSettings;
import io.github.mirrorservice.mirror.schedule.Lanes;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** The mirror of a {@link World}, as {@link Mirror} puts it together, but for its threads, its time and its network. */
final class SimulatedMirror {

    private static final String REPOSITORY = "simulation";
    private static final Duration SLICE = Duration.ofNanos(40);
    private static final long SCRUB_RATE = 1 << 20;

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final Instant begin;
    private final Path directory;
    private final Published published = new Published();
    private final Lanes lanes =
            Lanes.open(new LaneSettings(1, LaneSettings.Placement.SHARED, Optional.empty(), 2), nanos -> {});
    private final Cooperation cooperation;
    private final Ingest ingest;
    private final Archives archives;
    private final Disposable.Composite background = Disposables.composite();
    private long nanos;

    SimulatedMirror(
            Path directory, SimulatedGit git, SimulatedOrigin origin, Instant begin, Consumer<Digest> acknowledged) {
        this.begin = begin;
        this.directory = directory;
        this.cooperation = Cooperation.on(time, SLICE, () -> nanos++);
        git.runOn(time);
        origin.runOn(time);
        InstantSource instants = this::now;
        Clock simulated = instants.withZone(ZoneOffset.UTC);
        Scrape scrape = new Scrape();
        ArchiveStore store = new FileArchives(directory, time);
        this.archives = new Archives(
                SimulatedMirror::settings,
                new ArchiveMeans(
                        store,
                        (watch, soundness) -> {
                            Sources sources = new Sources(
                                    store,
                                    origin,
                                    () -> new Caches(List.of(), Caches.Order.FIRST),
                                    new Tries(2, Duration.ZERO, Duration.ofSeconds(5), Duration.ofHours(1)),
                                    watch,
                                    time,
                                    time);
                            return (wanted, arrivals) -> sources.fetch(wanted, arrivals)
                                    .doOnNext(archive -> acknowledged.accept(archive.sha256()));
                        },
                        cooperation,
                        time,
                        time,
                        simulated),
                published,
                new ArchiveMeters(scrape.registry()));
        IngestMeters meters = new IngestMeters(scrape.registry(), REPOSITORY);
        this.ingest = new Ingest(
                git,
                new Snapshots(REPOSITORY, git, cooperation, () -> new PublishGuard(1), Optional.of("cache"), simulated),
                new SoleLedger(new SnapshotFile(directory, cooperation, time), REPOSITORY),
                published,
                archives::secure,
                meters,
                new IngestProgress(meters, new Waits(), Optional::empty, simulated),
                lanes);
    }

    private static ArchiveSettings settings() {
        return new ArchiveSettings(
                ArchiveSettings.Mode.EAGER,
                Settings.Store.FILE,
                AddressPolicy.of(List.of()),
                new Caches(List.of(), Caches.Order.FIRST),
                ArchiveSettings.Publication.NEVER,
                Duration.ofSeconds(30),
                OptionalLong.of(SCRUB_RATE));
    }

    /** Takes the directory; fails with {@link StartException}. */
    void open() {
        background.add(DataDirectory.open(directory)::close);
    }

    /** Emits itself when it serves what an earlier run has kept; fails if it cannot work there. */
    Mono<SimulatedMirror> start() {
        return archives.prepare()
                .then(ingest.restore())
                .onErrorResume(OpamException.class, damaged -> Mono.empty())
                .then(Mono.fromSupplier(() -> {
                    background.add(archives.work().subscribe());
                    return this;
                }));
    }

    Mono<Outcome> ingest() {
        return ingest.run();
    }

    ArchiveCache cache() {
        return archives.cache();
    }

    /** The commit that is served. */
    Optional<String> served() {
        return published.current().map(Snapshot::revision);
    }

    Instant now() {
        return begin.plusMillis(time.now(TimeUnit.MILLISECONDS));
    }

    void pass(Duration duration) {
        time.advanceTimeBy(duration);
    }

    /** What this emits, if it ends well before the process is killed. */
    <T> Optional<T> await(Mono<T> work, Duration tick, int mostTicks, BooleanSupplier killed) {
        AtomicReference<@Nullable T> result = new AtomicReference<>();
        AtomicBoolean ended = new AtomicBoolean();
        Disposable waiting = work.doFinally(end -> ended.set(true)).subscribe(result::set, failure -> {});
        for (int i = 0; !ended.get() && !killed.getAsBoolean(); i++) {
            if (i == mostTicks) {
                throw new AssertionError("it never ends");
            }
            time.advanceTimeBy(tick);
        }
        waiting.dispose();
        return Optional.ofNullable(result.get());
    }

    /** As when the process is no more: nothing of it goes on. */
    void abandon() {
        time.dispose();
        background.dispose();
        lanes.close();
    }
}
