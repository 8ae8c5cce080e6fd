package io.github.mirrorservice.mirror.archive.upstream;

import io.github.mirrorservice.mirror.archive.Archive;
import io.github.mirrorservice.mirror.archive.ArchiveStore;
import io.github.mirrorservice.mirror.archive.ArchiveWatch;
import io.github.mirrorservice.mirror.archive.Arrival;
import io.github.mirrorservice.mirror.archive.Claim;
import io.github.mirrorservice.mirror.archive.Digest;
import io.github.mirrorservice.mirror.archive.Fetcher;
import io.github.mirrorservice.mirror.archive.SourceFailure.Kind;
import io.github.mirrorservice.mirror.archive.Wanted;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Archives from the network: from the places that the metadata names, in its order, and from other caches by digest. */
public final class Sources implements Fetcher {

    /** However many places somebody names, so many are asked. */
    private static final int MOST = 16;

    private final Supplier<Caches> caches;
    private final Fetch.Means means;

    /**
     * Other caches of archives.
     *
     * @param urls what their paths {@code /ALGORITHM/HH/HEX} are appended to
     * @param order whether they are asked before or after the places that the metadata names
     */
    public record Caches(List<String> urls, Order order) {

        /** Keeps its own list, without slashes at the ends. */
        public Caches {
            urls = urls.stream().map(url -> url.replaceFirst("/+$", "")).toList();
        }

        /** When they are asked. */
        public enum Order {
            /** Before all other sources. */
            FIRST,
            /** After all other sources. */
            LAST
        }

        private Stream<Source> of(Wanted wanted) {
            return urls.stream().flatMap(url -> wanted.digests().stream().map(digest -> source(url, digest)));
        }

        private static Source source(String url, Digest digest) {
            return new Source(Kind.CACHE, url + '/' + digest.path());
        }
    }

    /**
     * Does no work yet.
     *
     * @param store where archives are kept
     * @param origin how hosts are asked
     * @param caches other caches, at a time
     * @param tries how much is tried for one archive
     * @param watch is told how it goes
     * @param bulk where bytes are digested and written
     * @param timer where pauses between tries are measured
     */
    public Sources(
            ArchiveStore store,
            Origin origin,
            Supplier<Caches> caches,
            Tries tries,
            ArchiveWatch watch,
            Scheduler bulk,
            Scheduler timer) {
        this.caches = caches;
        this.means = new Fetch.Means(store, origin, tries, watch, bulk, timer);
    }

    @Override
    public Mono<Archive> fetch(Wanted wanted, Consumer<Arrival> arrivals) {
        return Mono.usingWhen(
                        Mono.fromSupplier(() -> new Fetch(wanted, means, arrivals)),
                        fetch -> fetch.from(of(wanted)),
                        Fetch::drop)
                .checkpoint("fetch an archive");
    }

    /** Where to ask, each place once. */
    List<Source> of(Wanted wanted) {
        Stream<Source> named = wanted.claims().stream().flatMap(Sources::named);
        Caches others = caches.get();
        Stream<Source> all = others.order() == Caches.Order.FIRST
                ? Stream.concat(others.of(wanted), named)
                : Stream.concat(named, others.of(wanted));
        return all
                .collect(Collectors.toMap(Source::url, source -> source, (one, twice) -> one, LinkedHashMap::new))
                .values()
                .stream()
                .limit(MOST)
                .toList();
    }

    private static Stream<Source> named(Claim claim) {
        return IntStream.range(0, claim.urls().size())
                .mapToObj(i -> new Source(
                        i == 0 ? Kind.ORIGIN : Kind.MIRROR, claim.urls().get(i)));
    }
}
