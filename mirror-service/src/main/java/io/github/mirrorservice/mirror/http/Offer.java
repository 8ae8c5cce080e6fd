package io.github.mirrorservice.mirror.http;

import io.github.mirrorservice.mirror.archive.ArchiveCache;
import io.github.mirrorservice.mirror.metrics.RequestMeters;
import io.github.mirrorservice.mirror.opam.Published;
import java.util.Optional;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * What clients can have of the running mirror.
 *
 * @param published the snapshot that is served
 * @param archives the source archives, if there are any
 * @param status how the mirror is doing
 * @param hook how a forge says that there is something new, if one may
 * @param rendering where pages for people are made
 * @param draining completes when the server is about to end: what would go on without end ends then
 * @param capacity how much may be asked at once
 * @param meters who counts the requests
 */
public record Offer(
        Published published,
        Optional<ArchiveCache> archives,
        Supplier<Status> status,
        Optional<Hook> hook,
        Scheduler rendering,
        Mono<Void> draining,
        Capacity capacity,
        RequestMeters meters) {

    /**
     * How a forge may start an ingest.
     *
     * @param secret the secret that is valid at a time
     * @param startSync starts an ingest, or joins the one that is about to start, and returns at once
     */
    public record Hook(Supplier<WebhookSecret> secret, Runnable startSync) {}
}
