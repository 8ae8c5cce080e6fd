package io.github.mirrorservice.mirror;

import io.github.mirrorservice.mirror.archive.ArchiveException;
import io.github.mirrorservice.mirror.demo.DemoRepository;
import io.github.mirrorservice.mirror.git.GitLimits;
import io.github.mirrorservice.mirror.git.GitMirror;
import io.github.mirrorservice.mirror.git.GitRemote;
import io.github.mirrorservice.mirror.http.Capacity;
import io.github.mirrorservice.mirror.http.Disk;
import io.github.mirrorservice.mirror.http.Offer;
import io.github.mirrorservice.mirror.http.Operations;
import io.github.mirrorservice.mirror.http.Rank;
import io.github.mirrorservice.mirror.http.Routes;
import io.github.mirrorservice.mirror.http.Server;
import io.github.mirrorservice.mirror.http.ServerSettings;
import io.github.mirrorservice.mirror.http.Status;
import io.github.mirrorservice.mirror.metrics.ArchiveMeters;
import io.github.mirrorservice.mirror.metrics.ConnectionMeters;
import io.github.mirrorservice.mirror.metrics.FleetMeters;
import io.github.mirrorservice.mirror.metrics.IngestMeters;
import io.github.mirrorservice.mirror.metrics.LoadMeters;
import io.github.mirrorservice.mirror.metrics.ProcessMeters;
import io.github.mirrorservice.mirror.metrics.RequestMeters;
import io.github.mirrorservice.mirror.metrics.ScheduleMeters;
import io.github.mirrorservice.mirror.metrics.Scrape;
import io.github.mirrorservice.mirror.metrics.Waits;
import io.github.mirrorservice.mirror.opam.Ledger;
import io.github.mirrorservice.mirror.opam.OpamException;
import io.github.mirrorservice.mirror.opam.Outcome;
import io.github.mirrorservice.mirror.opam.Published;
import io.github.mirrorservice.mirror.opam.SnapshotFile;
import io.github.mirrorservice.mirror.opam.Snapshots;
import io.github.mirrorservice.mirror.opam.SoleLedger;
import io.github.mirrorservice.mirror.schedule.Lanes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.util.retry.Retry;

/** The assembly and the lifecycle: every tick, fetch, make the next snapshot, publish it; meanwhile serve. */
final class Mirror implements AutoCloseable {

    /** Where archives are served, seen from where the index is. */
    private static final String CACHE = "cache";

    private static final Duration LEAVE = Duration.ofMillis(500);
    private static final Duration LONGEST_DRAIN = Duration.ofSeconds(20);
    private static final Duration SHORT_DRAIN = Duration.ofSeconds(2);
    private static final Duration LONGEST_SAVE = Duration.ofSeconds(5);
    private static final Duration HEAD_START = Duration.ofSeconds(1);
    private static final Duration DEMO_PAUSE = Duration.ofSeconds(5);
    private static final Duration LONGEST_DEMO_PAUSE = Duration.ofMinutes(1);
    private static final Duration PROGRESS_PERIOD = Duration.ofMillis(100);
    private static final Duration LOOK_AT_DISK = Duration.ofSeconds(5);
    private static final Duration DELAY_PERIOD = Duration.ofMillis(50);

    private final Version build = new Version();
    private volatile Settings settings;
    private final DataDirectory data;
    private final Scrape scrape = new Scrape();
    private final Waits waits = new Waits();
    private final ScheduleMeters scheduleMeters = new ScheduleMeters(scrape.registry());
    private final Published published = new Published();
    private final Reports reports = new Reports(System.out);
    private final List<Server> servers = new CopyOnWriteArrayList<>();
    private final Disposable.Composite background = Disposables.composite();
    private final Listeners listeners;
    private final ProcessMeters process;
    private final IngestMeters ingestMeters;
    private final IngestProgress progress;
    private final Lanes lanes;
    private final Optional<DemoRepository> demo;
    private final GitMirror git;
    private final Optional<Fleet> fleet;
    private final Ledger ledger;
    private final Optional<Archives> archives;
    private final Ingest ingest;
    private final IngestLoop ingests;
    private final Capacity capacity;
    private final Sinks.Empty<Void> leaving = Sinks.empty();
    private volatile Optional<Disk> disk = Optional.empty();
    private volatile boolean draining;

    Mirror(Settings settings, DataDirectory data) {
        String repository = settings.remote().display();
        this.settings = settings;
        this.data = data;
        this.listeners = new Listeners(settings.listen());
        this.process = new ProcessMeters(scrape.registry(), build.version(), build.commit(), data.path());
        this.ingestMeters = new IngestMeters(scrape.registry(), repository);
        this.lanes = Lanes.open(settings.lanes(), scheduleMeters.slices("ingest"));
        this.capacity = capacity();
        this.demo = demo();
        this.git = git();
        this.progress = new IngestProgress(ingestMeters, waits, git::transfer, Clock.systemUTC());
        Optional<String> cache = settings.archives().cached() ? Optional.of(CACHE) : Optional.empty();
        Snapshots snapshots =
                new Snapshots(repository, git, lanes.ingest(), () -> this.settings.guard(), cache, Clock.systemUTC());
        SnapshotFile file = new SnapshotFile(data.path(), lanes.ingest(), lanes.blocking());
        this.fleet = settings.fleet().map(shared -> fleet(shared, repository, file));
        this.ledger = fleet.<Ledger>map(Fleet::ledger).orElseGet(() -> new SoleLedger(file, repository));
        this.archives = archives();
        Ingest.Condition condition =
                (next, before) -> archives.map(all -> all.secure(next, before)).orElseGet(Mono::empty);
        this.ingest = new Ingest(git, snapshots, ledger, published, condition, ingestMeters, progress, lanes);
        this.ingests = new IngestLoop(looked(), due(), () -> this.settings.poll(), Schedulers.parallel());
    }

    private Fleet fleet(FleetSettings shared, String repository, SnapshotFile file) {
        return new Fleet(
                shared, repository, file, () -> settings.poll(), lanes.ingest(), new FleetMeters(scrape.registry()));
    }

    /** An ingest, of which the other replicas know. */
    private Mono<Outcome> looked() {
        return ingest.run().delayUntil(outcome -> fleet.map(shared -> shared.looked(outcome))
                .orElseGet(Mono::empty));
    }

    /** Emits whether it is for this replica to look at the remote; that another one has just done so is as good. */
    private Mono<Boolean> due() {
        return Mono.defer(() -> fleet.filter(shared -> published.current().isPresent())
                .map(Fleet::isDue)
                .orElseGet(() -> Mono.just(true))
                .doOnNext(due -> {
                    if (!due) {
                        progress.lookedElsewhere();
                    }
                }));
    }

    /**
     * Runs a mirror until the process is told to end, which then ends with status 0 once it is drained.
     *
     * @param again reads the configuration anew, and fails if it cannot be used; called at each SIGHUP
     */
    static int run(Configuration first, Supplier<Configuration> again) {
        Mirror mirror =
                new Mirror(first.settings(), DataDirectory.open(first.settings().data()));
        mirror.start().block();
        mirror.background.add(new Reload(first, again, mirror.reports)
                .settings(mirror.lanes.blocking())
                .subscribe(mirror::configure, mirror.reports::broken));
        // Not before: a mirror that cannot start ends with the status of its failure.
        Runtime.getRuntime().addShutdownHook(new Thread(mirror::end, "mirror-shutdown"));
        Mono.never().block();
        return 0;
    }

    /** Takes over what can change while it runs; what was held back may be published by it. */
    private void configure(Settings next) {
        settings = next;
        ingest.reconsider();
        ingests.ask();
    }

    /** Ingests once, without serving, into a data directory that no mirror has open. */
    static Outcome sync(Settings settings, ProgressLine line) {
        return once(settings, line, mirror -> mirror.ingest.run().delayUntil(outcome -> mirror.ledger.settled()));
    }

    /** What {@link #sync} would publish beside what was published before, of which either may be nothing. */
    static Plan plan(Settings settings, ProgressLine line) {
        return once(settings, line, mirror -> mirror.ingest
                .plan()
                .map(Optional::of)
                .defaultIfEmpty(Optional.empty())
                .map(next -> new Plan(mirror.published.current(), next)));
    }

    private static <T> T once(Settings settings, ProgressLine line, Function<Mirror, Mono<T>> work) {
        try (Mirror mirror = new Mirror(settings, DataDirectory.open(settings.data()))) {
            return mirror.restore()
                    .then(mirror.demo.map(DemoRepository::create).orElseGet(Mono::empty))
                    .then(work.apply(mirror))
                    .transform(all -> mirror.watched(all, line))
                    .blockOptional()
                    .orElseThrow();
        }
    }

    /** The same work; how far the fetch is that is part of it is shown now and then. */
    private <T> Mono<T> watched(Mono<T> work, ProgressLine line) {
        Flux<?> shown = Flux.interval(PROGRESS_PERIOD).onBackpressureDrop().doOnNext(tick -> git.transfer()
                .ifPresent(transfer -> line.show("objects", transfer.objects(), transfer.announced())));
        return Mono.using(shown::subscribe, some -> work, Disposable::dispose);
    }

    /** Completes when it serves; a snapshot of an earlier run is served from the first moment on. */
    Mono<Void> start() {
        return restore()
                .then(bind(listeners.clients(), clients()))
                .then(bind(listeners.operators(), operators()))
                .then(Mono.fromRunnable(this::work));
    }

    /** Opens what earlier runs have kept. */
    private Mono<Void> restore() {
        return archives.map(Archives::prepare)
                .orElseGet(Mono::empty)
                .onErrorMap(ArchiveException.class, refused -> new StartException(refused.getMessage()))
                .then(ingest.restore())
                .onErrorResume(OpamException.Disk.class, damaged -> Mono.fromRunnable(() -> reports.damaged(damaged)))
                .onErrorMap(OpamException.Unfit.class, unfit -> new StartException(unfit.getMessage()))
                .then();
    }

    /**
     * Breaks the ingest off, then lets answers under way end: first those to clients, while probes still see it drain. A
     * snapshot that is being saved meanwhile is waited for: the next start would have to make it again.
     *
     * @param leave how long clients may yet come: until who sends them has seen it drain
     */
    Mono<Void> drain(Duration leave) {
        return Mono.fromRunnable(this::refuse)
                .thenMany(Flux.fromIterable(servers).take(1).concatMap(clients -> clients.leave(leave)))
                .thenMany(Flux.fromIterable(servers))
                .index()
                .concatMap(server -> server.getT2().drain(server.getT1() == 0 ? LONGEST_DRAIN : SHORT_DRAIN))
                .then(ledger.settled().timeout(LONGEST_SAVE, Mono.empty()));
    }

    /** Ends all threads and gives the data directory back; to be called once, after the drain. */
    @Override
    public void close() {
        git.close();
        fleet.ifPresent(Fleet::close);
        process.close();
        lanes.close();
        data.close();
    }

    /** The port of the public listener. */
    int port() {
        return servers.get(0).port();
    }

    /** The port of the management listener. */
    int managementPort() {
        return servers.get(1).port();
    }

    private void end() {
        drain(LEAVE).block();
        close();
        // Told to end, it has ended in order; left alone, the JVM would report the signal.
        Runtime.getRuntime().halt(0);
    }

    /** A loop that has died serves nobody, and takes what comes: better a process that somebody starts anew. */
    private void die() {
        reports.died();
        Runtime.getRuntime().halt(1);
    }

    private void refuse() {
        draining = true;
        leaving.tryEmitEmpty();
        reports.draining();
        background.dispose();
    }

    private void work() {
        LongConsumer delays = scheduleMeters.delays("http");
        background.add(lanes.delays(DELAY_PERIOD)
                .map(Duration::toNanos)
                .doOnNext(waits::waited)
                .doOnNext(capacity::waited)
                .subscribe(delays::accept, reports::broken));
        background.add(lanes.died().subscribe(never -> {}, reports::broken, this::die));
        background.add(disks().subscribe(seen -> disk = Optional.of(seen), reports::broken));
        background.add(learn().subscribe(reports::ended, reports::broken));
        fleet.ifPresent(
                shared -> background.add(shared.follow(ingest::serve).subscribe(reports::shared, reports::broken)));
        archives.ifPresent(all -> background.add(all.work().subscribe(some -> {}, reports::broken)));
        background.add(listeners.changes(lanes.blocking()).subscribe(reports::renewed, reports::broken));
        watchConnections();
        reports.ready(settings.listen(), port(), managementPort());
    }

    /** A disk may be far away, so it is asked where that may take its time. */
    private Flux<Disk> disks() {
        return Flux.interval(Duration.ZERO, LOOK_AT_DISK)
                .onBackpressureDrop()
                .concatMap(tick -> Mono.fromCallable(data::disk).subscribeOn(lanes.blocking()), 1);
    }

    private void watchConnections() {
        ConnectionMeters connections = new ConnectionMeters(scrape.registry());
        connections.watch("public", servers.get(0)::connections);
        connections.watch("management", servers.get(1)::connections);
    }

    /** The ingests; those of a demo begin when it is made, and each of its merges asks for one. */
    private Flux<Outcome> learn() {
        return demo.map(made -> patiently(made.create())
                        .thenMany(Flux.defer(() -> ingests.outcomes().mergeWith(mergesOf(made)))))
                .orElseGet(() -> ingests.outcomes().delaySubscription(headStart()));
    }

    /** After a restart clients come first: they have a snapshot already, and a JVM that starts has no time to spare. */
    private Duration headStart() {
        return published.current().isPresent() ? HEAD_START : Duration.ZERO;
    }

    private Flux<Outcome> mergesOf(DemoRepository made) {
        return patiently(
                        made.merges(DEMO_PAUSE).doOnNext(merge -> ingests.ask()).ignoreElements())
                .cast(Outcome.class)
                .flux();
    }

    /** A demo that cannot be written, because the disk is full perhaps, is tried again for as long as the mirror runs. */
    private <T> Mono<T> patiently(Mono<T> work) {
        return work.retryWhen(Retry.backoff(Long.MAX_VALUE, DEMO_PAUSE)
                .maxBackoff(LONGEST_DEMO_PAUSE)
                .doBeforeRetry(failure -> reports.demo(failure.failure())));
    }

    /** As many requests as there is memory for, and no more than may wait for the disk beside the ingest. */
    private Capacity capacity() {
        LoadMeters meters =
                new LoadMeters(scrape.registry(), Stream.of(Rank.values()).map(Rank::label));
        int room = Math.min(Capacity.room(Runtime.getRuntime().maxMemory()), lanes.blockingRoom() / 2);
        Capacity made = new Capacity(room, settings.lanes().eventLoops(), rank -> meters.shed(rank.label()));
        meters.watch(made::inFlight, made::limit);
        return made;
    }

    private Optional<DemoRepository> demo() {
        return settings.remote() instanceof Remote.Demo demo
                ? Optional.of(new DemoRepository(data.demo(), demo.size(), lanes.blocking()))
                : Optional.empty();
    }

    private GitMirror git() {
        GitRemote remote = settings.remote() instanceof Remote.Git git
                ? git.remote()
                : demo.orElseThrow().remote();
        return settings.store() == Settings.Store.MEMORY
                ? GitMirror.inMemory(remote, GitLimits.STANDARD, lanes.blocking())
                : GitMirror.onDisk(data.git(), remote, GitLimits.STANDARD, lanes.blocking());
    }

    private Optional<Archives> archives() {
        Supplier<ArchiveSettings> told = () -> settings.archives();
        return told.get().cached()
                ? Optional.of(new Archives(
                        told,
                        ArchiveMeans.of(told, data, lanes, build, fleet),
                        published,
                        new ArchiveMeters(scrape.registry())))
                : Optional.empty();
    }

    private Routes clients() {
        return Routes.forClients(new Offer(
                published,
                archives.map(Archives::cache),
                this::status,
                listeners.hook(ingests::call),
                lanes.blocking(),
                leaving.asMono(),
                capacity,
                new RequestMeters(scrape.registry(), ingestMeters::running)));
    }

    private Status status() {
        return new Status(
                Instant.now(),
                build.version(),
                settings.remote().display(),
                published.current(),
                progress.status(),
                waits.last(),
                archives.map(Archives::status),
                archives.map(all -> all.cache().underWay()).orElse(List.of()),
                disk);
    }

    private Routes operators() {
        return Routes.forOperators(
                new Operations(this::whyNotReady, ingests::ask, ingests.request(), scrape, lanes.blocking()));
    }

    private Optional<String> whyNotReady() {
        if (draining) {
            return Optional.of("the mirror is shutting down");
        }
        return published.current().isPresent() ? Optional.empty() : Optional.of("no snapshot is published yet");
    }

    private Mono<Server> bind(ServerSettings listener, Routes routes) {
        return Server.bind(listener, lanes.loops(), routes)
                .doOnNext(servers::add)
                .onErrorMap(cause -> new StartException(
                        "cannot listen on %s, port %d (%s): name another with --port, --management-port or --host"
                                .formatted(listener.host(), listener.port(), cause.getMessage())));
    }
}
