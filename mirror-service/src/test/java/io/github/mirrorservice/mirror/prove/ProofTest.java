package io.github.mirrorservice.mirror.prove;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorservice.mirror.Main;
import io.github.mirrorservice.mirror.demo.DemoRepository;
import io.github.mirrorservice.mirror.demo.DemoSize;
import io.github.mirrorservice.mirror.prove.Window.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

class ProofTest {

    private static final Duration DEADLINE = Duration.ofMinutes(3);
    private static final ProofPlan SMALL = new ProofPlan(200, Duration.ofMillis(200), 1, 2, Duration.ofMillis(100));

    private final Scheduler blocking = Schedulers.newBoundedElastic(8, Integer.MAX_VALUE, "proof-test");

    @TempDir
    Path place;

    @AfterEach
    void end() {
        blocking.dispose();
    }

    @Test
    void a_mirror_process_is_measured_through_whole_ingests_and_merges() throws Exception {
        StepVerifier.create(proof(program("serve")))
                .assertNext(
                        report -> assertThat(report.traces()).singleElement().satisfies(ProofTest::isWhole))
                .expectComplete()
                .verify(DEADLINE);
    }

    @Test
    void a_mirror_that_cannot_be_started_is_explained() throws Exception {
        StepVerifier.create(proof(List.of("/nowhere/java")))
                .expectErrorSatisfies(refused ->
                        assertThat(refused).isInstanceOf(ProofException.class).hasMessageContaining("/nowhere/java"))
                .verify(DEADLINE);
    }

    private Mono<Report> proof(List<String> mirror) throws IOException {
        DemoRepository demo = new DemoRepository(place.resolve("demo"), new DemoSize(30), blocking);
        Proof proof = new Proof(
                SMALL,
                List.of(new Cell("memory", "shared", true, 1)),
                new Programs(mirror, program("serve-git")),
                Files.createDirectory(place.resolve("proof")),
                blocking,
                progress -> {});
        return demo.create().then(proof.of(demo.remote()));
    }

    private static void isWhole(Trace trace) {
        assertThat(trace.failed()).isZero();
        assertThat(trace.samples()).hasSizeGreaterThan(50);
        assertThat(trace.windows().stream().filter(window -> window.kind() == Kind.COMPUTE))
                .hasSize(3);
        assertThat(trace.windows()).allSatisfy(window -> assertThat(window.to()).isGreaterThanOrEqualTo(window.from()));
    }

    private static List<String> program(String verb) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                verb);
    }
}
