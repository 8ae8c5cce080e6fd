package io.github.mirrorservice.mirror;

import io.github.mirrorservice.mirror.archive.ArchiveStore;
import io.github.mirrorservice.mirror.archive.ArchiveWatch;
import io.github.mirrorservice.mirror.archive.Fetcher;
import io.github.mirrorservice.mirror.archive.FileArchives;
import io.github.mirrorservice.mirror.archive.MemoryArchives;
import io.github.mirrorservice.mirror.archive.Soundness;
import io.github.mirrorservice.mirror.archive.upstream.DnsHosts;
import io.github.mirrorservice.mirror.archive.upstream.Sources;
import io.github.mirrorservice.mirror.archive.upstream.Tries;
import io.github.mirrorservice.mirror.archive.upstream.Upstream;
import io.github.mirrorservice.mirror.archive.upstream.UpstreamSettings;
import io.github.mirrorservice.mirror.schedule.Cooperation;
import io.github.mirrorservice.mirror.schedule.Lanes;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Supplier;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * What archives are kept and had with.
 *
 * @param store where they are kept
 * @param fetchers gets those that are missing, and tells how it goes
 * @param cooperation where it is computed what is missing
 * @param bulk where bytes are read and digested
 * @param timer where time is waited for
 * @param clock what time it is
 */
record ArchiveMeans(
        ArchiveStore store, Fetchers fetchers, Cooperation cooperation, Scheduler bulk, Scheduler timer, Clock clock) {

    private static final int SHARE_OF_HEAP = 4;

    /** How archives that are missing are had. */
    @FunctionalInterface
    interface Fetchers {

        /** One that tells {@code watch} how it goes, and asks {@code soundness} what somebody else has put into the store. */
        Fetcher of(ArchiveWatch watch, Soundness soundness);
    }

    /** The network, and the directory, the memory or what replicas share. */
    static ArchiveMeans of(
            Supplier<ArchiveSettings> settings, DataDirectory data, Lanes lanes, Version build, Optional<Fleet> fleet) {
        ArchiveStore store =
                fleet.map(shared -> shared.archives(data, lanes)).orElseGet(() -> alone(settings.get(), data, lanes));
        Upstream upstream = new Upstream(
                UpstreamSettings.standard("mirror-service/" + build.version()),
                () -> settings.get().allowed(),
                new DnsHosts(lanes.loops(), lanes.blocking()),
                lanes.loops(),
                lanes.blocking());
        Scheduler timer = Schedulers.parallel();
        Scheduler incoming = fleet.map(Fleet::incoming).orElseGet(lanes::bulk);
        return new ArchiveMeans(
                store,
                (watch, soundness) -> {
                    Fetcher sources = new Sources(
                            store, upstream, () -> settings.get().caches(), Tries.STANDARD, watch, incoming, timer);
                    return fleet.map(shared -> shared.fetcher(sources, store, soundness, timer))
                            .orElse(sources);
                },
                lanes.ingest(),
                lanes.bulk(),
                timer,
                Clock.systemUTC());
    }

    private static ArchiveStore alone(ArchiveSettings settings, DataDirectory data, Lanes lanes) {
        return settings.store() == Settings.Store.MEMORY
                ? new MemoryArchives(Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP)
                : new FileArchives(data.path(), lanes.blocking());
    }
}
