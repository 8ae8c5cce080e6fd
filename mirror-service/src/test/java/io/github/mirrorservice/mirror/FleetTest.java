package io.github.mirrorservice.mirror;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.mirrorservice.mirror.archive.Bytes;
import io.github.mirrorservice.mirror.objects.Bucket;
import io.github.mirrorservice.mirror.objects.S3Location;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Whole mirrors over one object store. */
final class FleetTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @RegisterExtension
    static final Bucket bucket = new Bucket();

    @TempDir
    Path directory;

    private Upstream upstream;

    @BeforeEach
    void open() throws Exception {
        upstream = Upstream.withPackages(directory.resolve("git"), "a.1", "b.1");
    }

    @AfterEach
    void close() throws Exception {
        upstream.close();
    }

    @Test
    void what_one_replica_ingests_all_serve_to_the_byte() throws Exception {
        try (RunningMirror one = replica("one");
                RunningMirror other = replica("other")) {
            one.await(() -> one.get("/repo").statusCode() == 200);
            other.await(() -> other.get("/repo").statusCode() == 200);
            String commit = upstream.putPackage("c.1", "new").commit().hex();
            one.sync(); // which of them has published it is not said
            assertThat(commit(one)).contains(commit);
            other.await(() -> commit(other).equals(Optional.of(commit)));
            assertThat(other.get("/index.tar.gz").body())
                    .isEqualTo(one.get("/index.tar.gz").body());
            assertThat(other.get("/index.tar.gz").headers().firstValue("etag"))
                    .isEqualTo(one.get("/index.tar.gz").headers().firstValue("etag"));
            assertThat(metric(other, "mirror_log_position")).isEqualTo(metric(one, "mirror_log_position"));
        }
    }

    @Test
    void a_replica_with_nothing_is_ready_from_the_store_alone() throws Exception {
        try (RunningMirror one = replica("one")) {
            one.sync();
            Files.move(directory.resolve("git/objects"), directory.resolve("away"));
            try (RunningMirror cold = replica("cold")) {
                assertThat(cold.getManagement("/readyz").statusCode()).isEqualTo(200);
                assertThat(cold.get("/index.tar.gz").body())
                        .isEqualTo(one.get("/index.tar.gz").body());
            } finally {
                Files.move(directory.resolve("away"), directory.resolve("git/objects"));
            }
        }
    }

    @Test
    void a_store_that_goes_away_takes_nothing_from_clients_and_publications_go_on_when_it_is_back() throws Exception {
        try (RunningMirror one = replica("one");
                RunningMirror other = replica("other")) {
            one.sync();
            other.await(() -> other.get("/repo").statusCode() == 200);
            bucket.stop();
            String commit = upstream.putPackage("c.1", "new").commit().hex();
            assertThat(one.sync()).contains("failed").contains("check --object-store");
            assertThat(one.get("/index.tar.gz").statusCode()).isEqualTo(200);
            assertThat(other.get("/repo").statusCode()).isEqualTo(200);
            assertThat(other.getManagement("/readyz").statusCode()).isEqualTo(200);
            bucket.start();
            other.await(() -> commit(other).equals(Optional.of(commit)));
        }
    }

    @Test
    void an_archive_that_is_missing_is_fetched_once_for_all_replicas() throws Exception {
        try (Supply supply = new Supply(directory.resolve("supply"))) {
            byte[] archive = supply.add("x.1");
            supply.commit();
            try (RunningMirror one = replica("one", supply.url());
                    RunningMirror other = replica("other", supply.url())) {
                one.sync();
                other.await(() -> other.get("/repo").statusCode() == 200);
                String path = "/cache/" + Bytes.digests(archive).sha256().path();
                Flux.just(one, other)
                        .flatMap(replica ->
                                Mono.fromCallable(() -> replica.get(path)).subscribeOn(Schedulers.boundedElastic()))
                        .doOnNext(answer -> assertThat(answer.body()).isEqualTo(archive))
                        .blockLast(PATIENCE);
                assertThat(supply.origin().heads()).hasSize(1);
            }
        }
    }

    @Test
    void an_archive_that_is_at_hand_is_served_while_the_store_is_away() throws Exception {
        try (Supply supply = new Supply(directory.resolve("supply"))) {
            byte[] archive = supply.add("x.1");
            supply.commit();
            String path = "/cache/" + Bytes.digests(archive).md5().path();
            Path copies = directory.resolve("copies");
            try (RunningMirror one = replica("one", supply.url());
                    RunningMirror other = replica("other", supply.url(), "--archive-cache=" + copies + ",10MiB")) {
                one.sync();
                assertThat(one.get("/cache/" + Bytes.digests(archive).sha256().path())
                                .statusCode())
                        .isEqualTo(200);
                other.await(() -> other.get(path).statusCode() == 200);
                bucket.stop();
                assertThat(other.get(path).body()).isEqualTo(archive);
                assertThat(supply.origin().heads()).hasSize(1);
                assertThatThrownBy(() -> replica("third", supply.url(), "--archive-cache=" + copies + ",10MiB"))
                        .isInstanceOf(StartException.class)
                        .hasMessageContaining("--archive-cache");
                bucket.start();
            }
        }
    }

    @Test
    void verify_reads_the_store_and_says_what_is_wrong_in_it() throws Exception {
        try (RunningMirror one = replica("one")) {
            one.sync();
            upstream.putPackage("c.1", "new").commit();
            one.sync();
            upstream.putPackage("d.1", "new").commit();
            one.sync();
        }
        assertThat(verify()).isZero();
        bucket.objects().delete("snapshots/00000000000000000002");
        assertThat(verify()).isEqualTo(4);
    }

    private int verify() {
        S3Location location = bucket.location();
        return Verb.run(
                        "verify",
                        "--data=" + directory.resolve("one"),
                        "--object-store=" + location,
                        "--s3-endpoint=" + location.endpoint().orElseThrow())
                .status();
    }

    @Test
    void the_publications_of_another_remote_end_a_start() throws Exception {
        try (RunningMirror one = replica("one")) {
            one.sync();
        }
        upstream.close();
        upstream = Upstream.withPackages(directory.resolve("another"), "x.1");
        assertThatThrownBy(() -> replica("two"))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("name another prefix");
    }

    private RunningMirror replica(String name) {
        return replica(name, upstream.url());
    }

    private RunningMirror replica(String name, String remote, String... more) {
        S3Location location = bucket.location();
        return RunningMirror.of(
                remote,
                directory.resolve(name),
                Stream.concat(
                                Stream.of(
                                        "--object-store=" + location,
                                        "--s3-endpoint=" + location.endpoint().orElseThrow(),
                                        "--allow-upstream=127.0.0.0/8",
                                        "--log-poll=50ms"),
                                Stream.of(more))
                        .toArray(String[]::new));
    }

    private static Optional<String> commit(RunningMirror mirror) {
        return mirror.get("/repo").headers().firstValue("x-mirror-commit");
    }

    private static String metric(RunningMirror mirror, String name) {
        return new String(mirror.getManagement("/metrics").body(), UTF_8)
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .map(line -> line.substring(name.length() + 1))
                .findFirst()
                .orElseThrow();
    }
}
