package io.github.mirrorservice.mirror;

import io.github.mirrorservice.mirror.archive.Archive;
import io.github.mirrorservice.mirror.archive.ArchiveException;
import io.github.mirrorservice.mirror.archive.ArchiveStatus;
import io.github.mirrorservice.mirror.archive.ArchiveStore;
import io.github.mirrorservice.mirror.archive.ArchiveStore.Holdings;
import io.github.mirrorservice.mirror.archive.ArchiveWatch;
import io.github.mirrorservice.mirror.archive.Failures;
import io.github.mirrorservice.mirror.archive.SourceFailure;
import io.github.mirrorservice.mirror.archive.Wanted;
import io.github.mirrorservice.mirror.metrics.ArchiveMeters;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** What is known of the archives of a mirror as things happen to them: for the log, the meters and the status page. */
final class ArchiveReports implements ArchiveWatch {

    private static final Logger LOG = LoggerFactory.getLogger(ArchiveReports.class);

    private static final Duration PERIOD = Duration.ofSeconds(10);

    private final ArchiveSettings.Mode mode;
    private final ArchiveStore store;
    private final Inventory inventory;
    private final Failures failures;
    private final ArchiveMeters meters;
    private final Throughput throughput = new Throughput();
    private final Stock stock = new Stock();
    private volatile Optional<String> broken = Optional.empty();
    private final AtomicLong complained = new AtomicLong(System.nanoTime() - PERIOD.toNanos());

    ArchiveReports(
            ArchiveSettings.Mode mode,
            ArchiveStore store,
            Inventory inventory,
            Failures failures,
            ArchiveMeters meters) {
        this.mode = mode;
        this.store = store;
        this.inventory = inventory;
        this.failures = failures;
        this.meters = meters;
        register();
    }

    private void register() {
        meters.count("held", () -> stock.held().archives());
        meters.count("missing", () -> inventory.count().missing());
        meters.count("quarantined", () -> stock.quarantined().archives());
        meters.bytes("held", () -> stock.held().bytes());
        meters.bytes("quarantined", () -> stock.quarantined().bytes());
        meters.due(() -> mode == ArchiveSettings.Mode.EAGER ? due(inventory.count()) : 0);
        for (SourceFailure.Kind source : SourceFailure.Kind.values()) {
            meters.mayFail(source.label(), ArchiveException.Reason.MISMATCH.label());
        }
    }

    /** What is missing and has not failed. */
    private int due(Inventory.Count count) {
        return Math.max(0, count.missing() - failures.all().size());
    }

    /** A look at everything that is held: not before clients are served, since it takes some time. */
    Mono<Void> count() {
        return store.all()
                .reduce(Holdings.NONE, (all, archive) -> all.plus(archive.length()))
                .doOnNext(stock::countHeld)
                .then(store.quarantined())
                .doOnNext(stock::countQuarantined)
                .then();
    }

    /** Says now and then how far it is, for as long as archives are got. Never ends. */
    Flux<?> progress(Scheduler timer) {
        return Flux.interval(PERIOD, timer)
                .onBackpressureDrop()
                .map(tick -> throughput.turn())
                .doOnNext(rate -> report());
    }

    private void report() {
        ArchiveStatus status = status();
        if (status.getting() && status.bytesPerSecond() > 0) {
            LOG.info(
                    "archives: {} of {} held, {} failed, {} bytes a second{}",
                    status.known() - status.missing(),
                    status.known(),
                    status.failures().size(),
                    status.bytesPerSecond(),
                    status.left().map(left -> ", about " + left + " left").orElse(""));
        }
    }

    /** How it stands now. */
    ArchiveStatus status() {
        Inventory.Count count = inventory.count();
        Throughput.Rate rate = throughput.rate();
        int due = due(count);
        boolean getting = mode == ArchiveSettings.Mode.EAGER && due > 0;
        return new ArchiveStatus(
                count.commit(),
                count.known(),
                count.missing(),
                stock.held(),
                stock.quarantined(),
                failures.all(),
                broken,
                count.uncacheable(),
                getting,
                Math.round(rate.bytes()),
                getting ? rate.timeFor(due) : Optional.empty());
    }

    void warn(Throwable failure) {
        LOG.warn("archives: {}", failure.getMessage());
    }

    void startedAnew(Throwable failure) {
        if (failure instanceof ArchiveException) {
            warn(failure);
        } else {
            LOG.warn("archives: started anew after", failure);
        }
    }

    @Override
    public void requested(Result result) {
        meters.requested(result.label());
    }

    @Override
    public void fetched(SourceFailure.Kind source, Duration taken, long bytes) {
        broken = Optional.empty();
        meters.fetched(source.label(), taken, bytes);
        stock.came(bytes);
        throughput.add(bytes);
    }

    @Override
    public void failed(SourceFailure failure) {
        meters.failed(failure.source().label(), failure.reason().label());
        if (failure.reason() == ArchiveException.Reason.MISMATCH) {
            LOG.warn("ALARM: {} {}", failure.host(), failure.message());
        }
    }

    @Override
    public void obtained(Wanted wanted, Archive archive) {
        inventory.had(wanted, archive);
    }

    /** One line for many of a kind: a full disk refuses every archive. */
    @Override
    public void broken(ArchiveException.Store failure) {
        broken = Optional.of(failure.getMessage());
        long now = System.nanoTime();
        long last = complained.get();
        if (now - last > PERIOD.toNanos() && complained.compareAndSet(last, now)) {
            warn(failure);
        }
    }

    @Override
    public void rotten(Archive archive) {
        LOG.warn("{} has rotted and is in quarantine", archive.sha256());
        stock.rotted(archive.length());
        inventory.lost(archive);
    }
}
