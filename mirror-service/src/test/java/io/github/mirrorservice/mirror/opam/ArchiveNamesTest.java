package io.github.mirrorservice.mirror.opam;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorservice.mirror.archive.Claim;
import io.github.mirrorservice.mirror.archive.Digest;
import io.github.mirrorservice.mirror.archive.Digest.Algorithm;
import io.github.mirrorservice.mirror.archive.Wanted;
import io.github.mirrorservice.mirror.opam.ArchiveNamesBuilder.Named;
import io.github.mirrorservice.mirror.opam.format.ArchiveRef;
import io.github.mirrorservice.mirror.opam.format.OpamFile;
import io.github.mirrorservice.mirror.schedule.Cooperation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/** Which sections name one archive, and in which order archives are to be had. */
final class ArchiveNamesTest {

    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final Cooperation COOPERATION = Cooperation.off(Schedulers.immediate());

    private final List<Named> files = new ArrayList<>();

    @Test
    void an_archive_is_found_by_each_digest_of_its_section() {
        add("a.1", digest(Algorithm.MD5, 1), digest(Algorithm.SHA256, 1));
        ArchiveNames names = names();
        Wanted wanted = names.find(digest(Algorithm.MD5, 1)).orElseThrow();
        assertThat(names.find(digest(Algorithm.SHA256, 1))).contains(wanted);
        assertThat(urls(wanted)).containsExactly("http://origin.example/a.1");
        assertThat(names.find(digest(Algorithm.SHA256, 2))).isEmpty();
        assertThat(names.size()).isEqualTo(1);
    }

    @Test
    void sections_that_share_a_digest_by_way_of_others_name_one_archive() {
        add("a.1", digest(Algorithm.MD5, 1));
        add("b.1", digest(Algorithm.SHA256, 1), digest(Algorithm.SHA512, 1));
        add("c.1", digest(Algorithm.MD5, 1), digest(Algorithm.SHA256, 1));
        ArchiveNames names = names();
        Wanted wanted = names.find(digest(Algorithm.SHA512, 1)).orElseThrow();
        assertThat(urls(wanted))
                .containsExactlyInAnyOrder(
                        "http://origin.example/a.1", "http://origin.example/b.1", "http://origin.example/c.1");
        assertThat(names.find(digest(Algorithm.MD5, 1))).contains(wanted);
        assertThat(names.size()).isEqualTo(1);
    }

    @Test
    void sections_that_contradict_each_other_stand_alone() {
        add("good.1", digest(Algorithm.MD5, 1), digest(Algorithm.SHA256, 1));
        add("evil.1", digest(Algorithm.MD5, 1), digest(Algorithm.SHA256, 2));
        ArchiveNames names = names();
        assertThat(urls(names.find(digest(Algorithm.SHA256, 1)).orElseThrow()))
                .containsExactly("http://origin.example/good.1");
        assertThat(urls(names.find(digest(Algorithm.SHA256, 2)).orElseThrow()))
                .containsExactly("http://origin.example/evil.1");
        assertThat(urls(names.find(digest(Algorithm.MD5, 1)).orElseThrow())).hasSize(2);
        assertThat(newest(names)).hasSize(2);
    }

    @Test
    void sections_without_a_checksum_are_listed() {
        files.add(new Named(
                "packages/a/a.1/opam",
                new OpamFile(
                        List.of(new ArchiveRef("url", List.of("http://origin.example/a"), List.of())), List.of())));
        assertThat(names().uncacheable()).containsExactly("packages/a/a.1/opam: url");
        assertThat(names().size()).isZero();
    }

    @Test
    void the_newest_version_of_each_package_comes_first_then_each_second_newest() {
        add("a.1.10", digest(Algorithm.MD5, 1));
        add("a.1.9", digest(Algorithm.MD5, 2));
        add("a.2~beta", digest(Algorithm.MD5, 3));
        add("b.1", digest(Algorithm.MD5, 4));
        add("b.3", digest(Algorithm.MD5, 5));
        add("c.1", digest(Algorithm.MD5, 6));
        List<String> order = newest(names()).stream()
                .map(wanted -> urls(wanted).get(0).replace("http://origin.example/", ""))
                .toList();
        assertThat(order.subList(0, 3)).containsExactlyInAnyOrder("a.2~beta", "b.3", "c.1");
        assertThat(order.subList(3, 5)).containsExactlyInAnyOrder("a.1.10", "b.1");
        assertThat(order.subList(5, 6)).containsExactly("a.1.9");
    }

    @Test
    void an_archive_that_an_old_and_a_new_version_name_comes_with_the_new_one() {
        add("a.1", digest(Algorithm.MD5, 1));
        add("a.2", digest(Algorithm.MD5, 2));
        add("b.1", digest(Algorithm.MD5, 3));
        add("b.2", digest(Algorithm.MD5, 1));
        assertThat(newest(names()).get(2).key()).isEqualTo(digest(Algorithm.MD5, 3));
    }

    @Test
    void what_a_merge_brings_is_what_the_one_before_does_not_name() {
        add("a.1", digest(Algorithm.MD5, 1));
        ArchiveNames before = names();
        add("a.2", digest(Algorithm.MD5, 1), digest(Algorithm.SHA256, 1));
        add("a.3", digest(Algorithm.SHA256, 3));
        assertThat(names().newSince(before, COOPERATION)
                        .map(Wanted::key)
                        .collectList()
                        .block(DEADLINE))
                .containsExactly(digest(Algorithm.SHA256, 3));
    }

    @Test
    void a_digest_in_a_hundred_thousand_sections_is_no_burden() {
        for (int i = 0; i < 100_000; i++) {
            add("p" + i + ".1", digest(Algorithm.MD5, 1), digest(Algorithm.SHA256, i));
        }
        assertThat(names().find(digest(Algorithm.MD5, 1)).orElseThrow().claims())
                .hasSizeLessThanOrEqualTo(64);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void it_agrees_with_a_plain_model(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 300; i++) {
            int archive = random.nextInt(120);
            Digest[] said = Arrays.stream(Algorithm.values())
                    .filter(algorithm -> random.nextBoolean())
                    .map(algorithm -> digest(algorithm, archive))
                    .toArray(Digest[]::new);
            if (said.length > 0) {
                add("p" + i + "." + random.nextInt(9), said);
            }
        }
        files.sort(Comparator.comparing(Named::path));
        ArchiveNames names = names();
        List<Set<Digest>> model = model();
        assertThat(names.size()).isEqualTo(model.size());
        assertThat(newest(names).stream().map(wanted -> Set.copyOf(wanted.digests())))
                .containsExactlyInAnyOrderElementsOf(model);
        for (Set<Digest> together : model) {
            for (Digest digest : together) {
                assertThat(Set.copyOf(names.find(digest).orElseThrow().digests()))
                        .isEqualTo(together);
            }
        }
    }

    /** Joins what shares a digest until nothing does. */
    private List<Set<Digest>> model() {
        List<Set<Digest>> sets = new ArrayList<>();
        for (Named file : files) {
            Set<Digest> joined = new HashSet<>(file.file().archives().get(0).digests());
            for (boolean more = true; more; ) {
                Set<Digest> all = joined;
                Set<Set<Digest>> touching = sets.stream()
                        .filter(set -> set.stream().anyMatch(all::contains))
                        .collect(Collectors.toSet());
                more = !touching.isEmpty();
                touching.forEach(joined::addAll);
                sets.removeAll(touching);
            }
            sets.add(joined);
        }
        return sets;
    }

    @Test
    void a_claim_is_kept_as_it_was_said() {
        add("a.1", digest(Algorithm.SHA512, 1), digest(Algorithm.MD5, 1));
        assertThat(names().find(digest(Algorithm.MD5, 1)).orElseThrow().claims())
                .containsExactly(new Claim(
                        List.of(digest(Algorithm.SHA512, 1), digest(Algorithm.MD5, 1)),
                        List.of("http://origin.example/a.1")));
    }

    private void add(String version, Digest... digests) {
        String name = version.substring(0, version.indexOf('.'));
        files.add(new Named(
                "packages/" + name + "/" + version + "/opam",
                new OpamFile(
                        List.of(new ArchiveRef("url", List.of("http://origin.example/" + version), List.of(digests))),
                        List.of())));
    }

    private static Digest digest(Algorithm algorithm, int archive) {
        String hex = String.format(Locale.ROOT, "%08x", archive);
        return new Digest(algorithm, hex.repeat(algorithm.digits() / hex.length()));
    }

    private ArchiveNames names() {
        return Objects.requireNonNull(ArchiveNamesBuilder.gather(Flux.fromIterable(files), COOPERATION)
                .block(DEADLINE));
    }

    private static List<String> urls(Wanted wanted) {
        return wanted.claims().stream().flatMap(claim -> claim.urls().stream()).toList();
    }

    private static List<Wanted> newest(ArchiveNames names) {
        return Optional.ofNullable(names.newestFirst(COOPERATION).collectList().block(DEADLINE))
                .orElseThrow();
    }
}
