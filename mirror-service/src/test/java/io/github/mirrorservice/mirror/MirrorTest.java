package io.github.mirrorservice.mirror;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.mirrorservice.mirror.git.CommitId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.test.StepVerifier;

final class MirrorTest {

    @TempDir
    Path directory;

    private Path data;

    @BeforeEach
    void chooseData() {
        data = directory.resolve("data");
    }

    @ParameterizedTest
    @EnumSource
    void a_changed_an_added_and_a_removed_package_are_served_after_a_sync(Settings.Store store) throws IOException {
        try (Upstream upstream = Upstream.withPackages(directory.resolve("git"), "a.1", "b.1", "c.1");
                RunningMirror mirror = RunningMirror.of(upstream.url(), store, data)) {
            mirror.sync();
            assertThat(packages(mirror)).containsOnlyKeys("a.1", "b.1", "c.1");

            CommitId commit = upstream.putPackage("a.1", "changed")
                    .putPackage("d.1", "added")
                    .removePackage("b.1")
                    .commit();

            assertThat(mirror.sync()).contains("published").contains(commit.hex());
            assertThat(packages(mirror)).containsOnlyKeys("a.1", "c.1", "d.1");
            assertThat(packages(mirror).get("a.1")).contains("changed");
            assertThat(header(mirror.get("/repo"), "x-mirror-commit")).isEqualTo(commit.hex());
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_force_push_is_followed(Settings.Store store) throws IOException {
        try (Upstream upstream = Upstream.withPackages(directory.resolve("git"), "a.1", "b.1");
                RunningMirror mirror = RunningMirror.of(upstream.url(), store, data)) {
            mirror.sync();

            upstream.put("repo", "opam-version: \"2.0\"\n")
                    .putPackage("a.1", "of another history")
                    .putPackage("x.1", "new")
                    .forcePush();

            assertThat(mirror.sync()).contains("published");
            assertThat(packages(mirror)).containsOnlyKeys("a.1", "x.1");
            assertThat(packages(mirror).get("a.1")).contains("of another history");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_restart_serves_the_last_snapshot_without_its_remote_and_goes_on_when_it_is_back(Settings.Store store)
            throws IOException {
        Path git = directory.resolve("git");
        String etag;
        Upstream.withPackages(git, "a.1").close();
        try (RunningMirror mirror = RunningMirror.of(git.toString(), store, data)) {
            mirror.sync();
            etag = header(mirror.get("/index.tar.gz"), "etag");
        }
        Path away = directory.resolve("away");
        Files.move(git, away);
        try (RunningMirror mirror = RunningMirror.of(git.toString(), store, data)) {
            assertThat(header(mirror.get("/index.tar.gz"), "etag")).isEqualTo(etag);
            assertThat(mirror.sync()).contains("failed").contains("unreachable");
            assertThat(header(mirror.get("/index.tar.gz"), "etag")).isEqualTo(etag);
            assertThat(mirror.getManagement("/readyz").statusCode()).isEqualTo(200);

            Files.move(away, git);
            try (Upstream upstream = new Upstream(git)) {
                upstream.putPackage("b.1", "added").commit();
            }
            assertThat(mirror.sync()).contains("published");
            assertThat(packages(mirror)).containsOnlyKeys("a.1", "b.1");
        }
    }

    @Test
    void the_snapshot_of_another_remote_is_not_served() {
        try (Upstream upstream = Upstream.withPackages(directory.resolve("git"), "a.1");
                RunningMirror mirror = RunningMirror.of(upstream.url(), Settings.Store.FILE, data)) {
            mirror.sync();
        }
        try (RunningMirror mirror =
                RunningMirror.of(directory.resolve("other").toString(), Settings.Store.FILE, data)) {
            assertThat(mirror.get("/index.tar.gz").statusCode()).isEqualTo(503);
        }
    }

    @Test
    void before_the_first_snapshot_clients_are_asked_to_come_back() {
        try (RunningMirror mirror =
                RunningMirror.of(directory.resolve("none").toString(), Settings.Store.MEMORY, data)) {
            assertThat(mirror.sync()).contains("failed").contains("unreachable");

            HttpResponse<byte[]> answer = mirror.get("/index.tar.gz");

            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(header(answer, "retry-after")).matches("\\d+");
            assertThat(mirror.getManagement("/readyz").statusCode()).isEqualTo(503);
            assertThat(mirror.getManagement("/livez").statusCode()).isEqualTo(200);
        }
    }

    @Test
    @Timeout(60)
    void a_shutdown_waits_for_the_snapshot_that_is_being_saved() throws IOException, InterruptedException {
        byte[] random = new byte[200_000];
        new Random(1).nextBytes(random);
        try (Upstream upstream = Upstream.withPackages(directory.resolve("git"), "a.1");
                RunningMirror mirror = RunningMirror.of(upstream.url(), Settings.Store.MEMORY, data)) {
            mirror.sync();
            Path pipe = data.resolve("snapshot.tmp");
            assumeTrue(
                    new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0,
                    "there are no named pipes here");
            upstream.putPackage(
                            "b.1", "more than a pipe holds: " + HexFormat.of().formatHex(random))
                    .commit();
            mirror.ask();
            try (InputStream saved = Files.newInputStream(pipe)) { // opens when the mirror writes into it
                StepVerifier.create(mirror.drain())
                        .expectSubscription()
                        .expectNoEvent(Duration.ofMillis(500))
                        .then(() -> readAll(saved))
                        .expectComplete()
                        .verify(Duration.ofSeconds(20));
            }
        }
    }

    @Test
    void a_branch_that_is_not_there_is_named() {
        try (Upstream upstream = Upstream.withPackages(directory.resolve("git"), "a.1");
                RunningMirror mirror = RunningMirror.of(upstream.url() + "#nowhere", Settings.Store.FILE, data)) {
            assertThat(mirror.sync()).contains("failed").contains("no-branch").contains("nowhere");
        }
    }

    @Test
    void an_empty_repository_is_told_from_an_unreachable_one() {
        try (Upstream upstream = new Upstream(directory.resolve("git"));
                RunningMirror mirror = RunningMirror.of(upstream.url(), Settings.Store.FILE, data)) {
            assertThat(mirror.sync()).contains("failed").contains("no-branch");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_branch_that_is_taken_away_takes_nothing_from_clients(Settings.Store store) throws IOException {
        Path git = directory.resolve("git");
        try (Upstream upstream = Upstream.withPackages(git, "a.1");
                RunningMirror mirror = RunningMirror.of(upstream.url(), store, data)) {
            mirror.sync();
            String etag = header(mirror.get("/index.tar.gz"), "etag");
            Path branches = git.resolve("refs/heads");
            Path elsewhere = Files.move(branches, directory.resolve("elsewhere"));
            Files.createDirectory(branches);

            assertThat(mirror.sync()).contains("failed").contains("no-branch");
            assertThat(mirror.sync()).contains("failed").contains("no-branch");
            assertThat(header(mirror.get("/index.tar.gz"), "etag")).isEqualTo(etag);
            assertThat(mirror.getManagement("/readyz").statusCode()).isEqualTo(200);
            assertThat(mirror.getManagement("/metrics").body())
                    .asString(UTF_8)
                    .containsPattern("mirror_ingest_duration_seconds_count\\{outcome=\"failed\".*\\} 2");

            Files.delete(branches);
            Files.move(elsewhere, branches);
            upstream.putPackage("b.1", "new").commit();
            assertThat(mirror.sync()).contains("published");
            assertThat(packages(mirror)).containsOnlyKeys("a.1", "b.1");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_tree_that_looks_wrong_is_held_and_the_last_good_one_is_served_on(WrongTree wrong) {
        try (Upstream upstream = Upstream.withPackages(directory.resolve("git"), "a.1", "b.1", "c.1");
                RunningMirror mirror = RunningMirror.of(upstream.url(), Settings.Store.MEMORY, data)) {
            mirror.sync();
            String etag = header(mirror.get("/index.tar.gz"), "etag");

            wrong.change(upstream).forcePush();

            double current = current(mirror);
            assertThat(current).isPositive();
            assertThat(mirror.sync()).contains("held").contains(wrong.reason);
            assertThat(current(mirror)).isEqualTo(current);
            assertThat(mirror.sync()).contains("held").contains(wrong.reason);
            assertThat(header(mirror.get("/index.tar.gz"), "etag")).isEqualTo(etag);
            assertThat(new String(mirror.getManagement("/metrics").body(), UTF_8))
                    .containsPattern("mirror_publish_held_total\\{.*reason=\"" + wrong.reason + "\".*\\} 1.0");

            upstream.put("repo", "opam-version: \"2.0\"\n")
                    .putPackage("a.1", "good again")
                    .putPackage("b.1", "")
                    .forcePush();
            assertThat(mirror.sync()).contains("published");
            assertThat(current(mirror)).isGreaterThan(current);
        }
    }

    /** When what is served was last known to be the newest, as the metrics have it. */
    private static double current(RunningMirror mirror) {
        String metrics = new String(mirror.getManagement("/metrics").body(), UTF_8);
        Matcher gauge = Pattern.compile("mirror_snapshot_current_timestamp_seconds\\{.*} (\\S+)")
                .matcher(metrics);
        assertThat(gauge.find()).isTrue();
        return Double.parseDouble(gauge.group(1));
    }

    /** Trees that must not be published. */
    enum WrongTree {
        NO_PACKAGES("empty") {
            @Override
            Upstream change(Upstream upstream) {
                return upstream.put("repo", "opam-version: \"2.0\"\n").put("README.md", "no packages here");
            }
        },
        WRAPPED("wrapped") {
            @Override
            Upstream change(Upstream upstream) {
                return upstream.put("opam-repository-1/repo", "opam-version: \"2.0\"\n")
                        .put("opam-repository-1/" + Upstream.opamPath("a.1"), "opam-version: \"2.0\"\n");
            }
        },
        BROKEN_REPO("repo") {
            @Override
            Upstream change(Upstream upstream) {
                return upstream.put("repo", "opam-version: \"2.0")
                        .putPackage("a.1", "")
                        .putPackage("b.1", "");
            }
        },
        LOSS("loss") {
            @Override
            Upstream change(Upstream upstream) {
                return upstream.put("repo", "opam-version: \"2.0\"\n").putPackage("a.1", "the only one left");
            }
        };

        private final String reason;

        WrongTree(String reason) {
            this.reason = reason;
        }

        abstract Upstream change(Upstream upstream);
    }

    private static void readAll(InputStream in) {
        try {
            assertThat(in.readAllBytes()).isNotEmpty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElseThrow();
    }

    /** By {@code NAME.VERSION}, the opam files that a client would see. */
    private static Map<String, String> packages(RunningMirror mirror) throws IOException {
        HttpResponse<byte[]> answer = mirror.get("/index.tar.gz");
        assertThat(answer.statusCode()).isEqualTo(200);
        Map<String, String> packages = new TreeMap<>();
        try (TarArchiveInputStream tar =
                new TarArchiveInputStream(new GZIPInputStream(new ByteArrayInputStream(answer.body())))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                if (entry.getName().endsWith("/opam")) {
                    packages.put(Path.of(entry.getName()).getName(2).toString(), new String(tar.readAllBytes(), UTF_8));
                }
            }
        }
        return packages;
    }
}
