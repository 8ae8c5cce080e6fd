package io.github.mirrorservice.mirror.git;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorservice.mirror.git.GitServer.Answer;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.transport.SideBandOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/** A remote that takes its time costs no more than the limits, and a fetch that is broken off really ends. */
final class SlowRemoteTest {

    private static final Duration LONG = Duration.ofMinutes(5);

    @RegisterExtension
    private final BlockingLane lane = new BlockingLane();

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);
    private Upstream upstream;
    private GitServer server;

    @BeforeEach
    void open(@TempDir Path directory) {
        upstream = new Upstream(directory.resolve("upstream"));
        upstream.commit("a=1");
        server = GitServer.serving(upstream.path());
    }

    @AfterEach
    void close() {
        release.countDown();
        server.close();
        upstream.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {GitServer.CAPABILITIES, GitServer.REFERENCES, GitServer.OBJECTS})
    void silence_ends_at_its_limit(String stage) {
        server.misbehave(stage, stalled(stage));
        try (GitMirror mirror = mirror(server.url(), Duration.ofSeconds(1), LONG)) {
            assertThat(Now.error(GitException.Unreachable.class, mirror.fetch()))
                    .hasMessageContaining("silent for too long");

            server.behave();
            Now.value(mirror.fetch());
        }
    }

    @ParameterizedTest
    @MethodSource("drips")
    void a_drip_ends_at_the_limit_of_the_whole_fetch(String scheme, String first, String drops) throws IOException {
        try (RawServer drip = RawServer.dripping(first, drops);
                GitMirror mirror = mirror(drip.url(scheme), LONG, Duration.ofSeconds(2))) {
            StepVerifier.create(mirror.fetch())
                    .expectErrorSatisfies(error -> assertThat(error)
                            .isInstanceOf(GitException.Unreachable.class)
                            .hasMessageContaining("at the latest after its limit of 2 s"))
                    .verify(Duration.ofSeconds(20));
            waitUntilNothingFetches();
        }
    }

    static Stream<Arguments> drips() {
        String ok = "HTTP/1.1 200 OK\r\n";
        String type = "Content-Type: application/x-git-upload-pack-advertisement\r\n\r\n";
        return Stream.of(
                Arguments.of("http", ok, "X: y\r\n"),
                Arguments.of("http", ok + type, "000eversion 2\n"),
                Arguments.of("git", "000eversion 2\n", "0008drip"));
    }

    @ParameterizedTest
    @ValueSource(strings = {GitServer.CAPABILITIES, GitServer.REFERENCES, GitServer.OBJECTS})
    void a_fetch_that_is_cancelled_makes_room_for_the_next_one(String stage) throws InterruptedException {
        server.misbehave(stage, stalled(stage));
        try (GitMirror mirror = mirror(server.url(), Duration.ofSeconds(2), LONG)) {
            Disposable fetch = mirror.fetch().subscribe();
            assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
            fetch.dispose();

            server.behave();
            StepVerifier.create(mirror.fetch())
                    .expectNextCount(1)
                    .expectComplete()
                    .verify(Duration.ofSeconds(20));
        }
    }

    @Test
    void a_fetch_from_a_path_can_be_cancelled_too() {
        try (GitMirror mirror = mirror(upstream.path().toString(), LONG, LONG)) {
            StepVerifier.create(mirror.fetch()).thenCancel().verify(Now.DEADLINE);

            StepVerifier.create(mirror.fetch())
                    .expectNextCount(1)
                    .expectComplete()
                    .verify(Duration.ofSeconds(20));
        }
    }

    @Test
    void while_a_pack_comes_anybody_can_see_how_far_it_is() {
        byte[] pack = new RawPack()
                .object(Constants.OBJ_BLOB, random(1_000))
                .object(Constants.OBJ_BLOB, random(2_000))
                .object(Constants.OBJ_BLOB, random(100_000))
                .bytes(5);
        server.misbehave(GitServer.OBJECTS, begun(pack));
        try (GitMirror mirror = mirror(server.url(), LONG, LONG)) {
            assertThat(mirror.transfer()).isEmpty();
            Disposable fetch = mirror.fetch().subscribe();

            assertThat(Flux.interval(Duration.ofMillis(10))
                            .mapNotNull(tick -> mirror.transfer().orElse(null))
                            .filter(transfer -> transfer.objects() >= 2)
                            .blockFirst(Now.DEADLINE))
                    .satisfies(transfer -> assertThat(transfer.announced()).isEqualTo(5))
                    .satisfies(transfer -> assertThat(transfer.bytes()).isBetween(3_000L, (long) pack.length));

            fetch.dispose();
            release.countDown();
            waitUntilNothingFetches();
            assertThat(mirror.transfer()).isEmpty();
        }
    }

    /** The thread that fetched is free again, and not only the subscriber. */
    private static void waitUntilNothingFetches() {
        Flux.interval(Duration.ofMillis(20))
                .takeUntil(tick -> Thread.getAllStackTraces().values().stream()
                        .flatMap(Arrays::stream)
                        .noneMatch(frame -> frame.getClassName().equals(Fetching.class.getName())))
                .blockLast(Duration.ofSeconds(20));
    }

    /** Begins an answer and goes silent until the end of the test. */
    private Answer stalled(String stage) {
        return (exchange, request) -> {
            try (OutputStream body =
                    GitServer.begin(exchange, stage.equals(GitServer.CAPABILITIES) ? "advertisement" : "result")) {
                body.flush();
                asked.countDown();
                release.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    /** Sends the beginning of a pack and goes silent until the end of the test. */
    private Answer begun(byte[] pack) {
        return (exchange, request) -> {
            try (OutputStream body = Hostility.beginPack(exchange, request)) {
                SideBandOutputStream band = Hostility.band(SideBandOutputStream.CH_DATA, body);
                band.write(pack);
                band.flush();
                release.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
    }

    private GitMirror mirror(String url, Duration silence, Duration total) {
        GitLimits limits = new GitLimits(
                new GitLimits.Exchange(silence, total, 1 << 20), GitLimits.STANDARD.pack(), GitLimits.STANDARD.tree());
        return GitMirror.inMemory(GitRemote.parse(url), limits, lane.scheduler());
    }
}
