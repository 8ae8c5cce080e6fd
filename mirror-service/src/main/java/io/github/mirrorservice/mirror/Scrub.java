package io.github.mirrorservice.mirror;

import io.github.mirrorservice.mirror.archive.Archive;
import io.github.mirrorservice.mirror.archive.ArchiveException;
import io.github.mirrorservice.mirror.archive.ArchiveStore;
import io.github.mirrorservice.mirror.archive.Soundness;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Reads held archives again: what is no longer what it was is taken out of service and, if possible, had anew. */
final class Scrub {

    private static final long MILLIS = 1_000;

    private final ArchiveStore store;
    private final Soundness soundness;
    private final Function<Archive, Mono<Archive>> heal;
    private final Scheduler timer;

    /**
     * Does no work yet.
     *
     * @param heal gets an archive anew, if anybody names it
     */
    Scrub(ArchiveStore store, Soundness soundness, Function<Archive, Mono<Archive>> heal, Scheduler timer) {
        this.store = store;
        this.soundness = soundness;
        this.heal = heal;
        this.timer = timer;
    }

    /**
     * What was found out about one archive.
     *
     * @param archive the archive
     * @param sound whether it is what it was
     * @param healed whether it is there again if it was not
     */
    record Finding(Archive archive, boolean sound, boolean healed) {}

    /**
     * Emits a finding for each archive, one after the other.
     *
     * @param rate how many bytes to read each second; empty for as many as can be read
     */
    Flux<Finding> round(OptionalLong rate) {
        return store.all().concatMap(archive -> look(archive, rate), 1);
    }

    private Mono<Finding> look(Archive archive, OptionalLong rate) {
        return soundness
                .read(archive)
                .flatMap(sound -> sound ? Mono.just(new Finding(archive, true, false)) : heal(archive))
                .onErrorReturn(ArchiveException.Store.class, new Finding(archive, false, false))
                .delayUntil(finding -> pause(archive, rate));
    }

    private Mono<Finding> heal(Archive archive) {
        return heal.apply(archive)
                .map(anew -> new Finding(archive, false, true))
                .onErrorResume(ArchiveException.class, failed -> Mono.empty())
                .defaultIfEmpty(new Finding(archive, false, false));
    }

    private Mono<Long> pause(Archive archive, OptionalLong rate) {
        return rate.isEmpty()
                ? Mono.empty()
                : Mono.delay(Duration.ofMillis(archive.length() * MILLIS / rate.getAsLong()), timer);
    }
}
