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
 * @param rendering where pages for people are made
 * @param draining completes when the server is about to end: what would go on without end ends then
 * @param meters who counts the requests
 */
public record Offer(
        Published published,
        Optional<ArchiveCache> archives,
        Supplier<Status> status,
        Scheduler rendering,
        Mono<Void> draining,
        RequestMeters meters) {}
