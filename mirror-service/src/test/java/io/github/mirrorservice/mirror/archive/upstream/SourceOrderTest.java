package io.github.mirrorservice.mirror.archive.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorservice.mirror.archive.Bytes;
import io.github.mirrorservice.mirror.archive.Claim;
import io.github.mirrorservice.mirror.archive.Digests;
import io.github.mirrorservice.mirror.archive.MemoryArchives;
import io.github.mirrorservice.mirror.archive.RecordedWatch;
import io.github.mirrorservice.mirror.archive.SourceFailure.Kind;
import io.github.mirrorservice.mirror.archive.Wanted;
import io.github.mirrorservice.mirror.archive.upstream.Sources.Caches;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Schedulers;

final class SourceOrderTest {

    private final Digests digests = Bytes.digests(Bytes.random(1, 10));
    private final Asking asking = new Asking(Map.of());

    @AfterEach
    void close() {
        asking.close();
    }

    @Test
    void other_caches_are_asked_first_or_last_by_every_digest_the_strongest_first() {
        Wanted wanted = new Wanted(List.of(
                new Claim(List.of(digests.md5()), List.of("http://o/a", "http://m/a")),
                new Claim(List.of(digests.md5(), digests.sha256()), List.of("http://o/a", "http://n/a"))));
        List<Source> cached = List.of(
                new Source(Kind.CACHE, "http://c/" + digests.sha256().path()),
                new Source(Kind.CACHE, "http://c/" + digests.md5().path()));
        List<Source> named = List.of(
                new Source(Kind.ORIGIN, "http://o/a"),
                new Source(Kind.MIRROR, "http://m/a"),
                new Source(Kind.MIRROR, "http://n/a"));
        assertThat(sources(Caches.Order.FIRST, "http://c/").of(wanted)).isEqualTo(joined(cached, named));
        assertThat(sources(Caches.Order.LAST, "http://c").of(wanted)).isEqualTo(joined(named, cached));
    }

    private static List<Source> joined(List<Source> first, List<Source> last) {
        List<Source> all = new ArrayList<>(first);
        all.addAll(last);
        return all;
    }

    @Test
    void no_more_than_sixteen_places_are_asked() {
        String[] urls =
                IntStream.range(0, 40).mapToObj(i -> "http://h" + i + "/").toArray(String[]::new);
        assertThat(sources(Caches.Order.LAST).of(new Wanted(List.of(new Claim(List.of(digests.md5()), List.of(urls))))))
                .hasSize(16);
    }

    private Sources sources(Caches.Order order, String... caches) {
        return new Sources(
                new MemoryArchives(1_000),
                asking.upstream,
                () -> new Caches(List.of(caches), order),
                Tries.STANDARD,
                new RecordedWatch(),
                Schedulers.immediate(),
                Schedulers.parallel());
    }
}
