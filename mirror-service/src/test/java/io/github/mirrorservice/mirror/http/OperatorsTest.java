package io.github.mirrorservice.mirror.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorservice.mirror.http.Wire.Reply;
import io.github.mirrorservice.mirror.metrics.Scrape;
import io.github.mirrorservice.mirror.opam.Outcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

final class OperatorsTest {

    private final AtomicReference<@Nullable Optional<String>> whyNotReady = new AtomicReference<>(Optional.empty());
    private final AtomicInteger started = new AtomicInteger();
    private final AtomicReference<Mono<Outcome>> outcome = new AtomicReference<>(Mono.never());
    private final Scrape scrape = new Scrape();
    private Listener listener;

    @BeforeEach
    void listen() {
        listener = Listener.forOperators(new Operations(
                () -> Objects.requireNonNull(whyNotReady.get()),
                started::incrementAndGet,
                Mono.defer(outcome::get),
                scrape,
                Schedulers.boundedElastic()));
    }

    @AfterEach
    void close() {
        listener.close();
    }

    @Test
    void it_is_alive() throws IOException {
        assertThat(Wire.get(listener.port(), "/livez").status()).isEqualTo(200);
    }

    @Test
    void it_is_ready_until_there_is_a_reason_not_to_be() throws IOException {
        assertThat(Wire.get(listener.port(), "/readyz").status()).isEqualTo(200);

        whyNotReady.set(Optional.of("no snapshot is published yet"));
        Reply reply = Wire.get(listener.port(), "/readyz");
        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.text()).isEqualTo("not ready: no snapshot is published yet\n");
        assertThat(reply.header("retry-after")).isPresent();
        assertThat(Wire.get(listener.port(), "/livez").status()).isEqualTo(200);
    }

    @Test
    void what_cannot_even_begin_to_answer_is_said_to_have_failed() throws IOException {
        whyNotReady.set(null);
        assertThat(Wire.get(listener.port(), "/readyz").status()).isEqualTo(500);
    }

    @Test
    void meters_are_scraped_in_the_format_that_is_asked_for() throws IOException {
        scrape.registry().counter("mirror.test").increment();

        Reply text = Wire.get(listener.port(), "/metrics");
        assertThat(text.header("content-type")).contains("text/plain; version=0.0.4; charset=utf-8");
        assertThat(text.text()).contains("mirror_test_total 1.0");

        Reply openMetrics = Wire.get(listener.port(), "/metrics", "Accept: application/openmetrics-text;version=1.0.0");
        assertThat(openMetrics.header("content-type"))
                .contains("application/openmetrics-text; version=1.0.0; charset=utf-8");
        assertThat(openMetrics.text()).endsWith("# EOF\n");
    }

    @Test
    void an_ingest_is_started_and_not_waited_for() throws IOException {
        Reply reply = post("/sync");

        assertThat(reply.status()).isEqualTo(202);
        assertThat(reply.text()).isEqualTo("{\"outcome\":\"started\"}\n");
        assertThat(started).hasValue(1);
        assertThat(post("/sync?wait=false").status()).isEqualTo(202);
        assertThat(started).hasValue(2);
    }

    @Test
    void the_outcome_is_told_to_whoever_waits() throws IOException {
        outcome.set(Mono.just(new Outcome.Changed(Samples.snapshot(1))));
        assertThat(post("/sync?wait=true").text())
                .isEqualTo("{\"outcome\":\"published\",\"commit\":\"" + Samples.COMMIT + "\"}\n");

        outcome.set(Mono.just(new Outcome.Unchanged(Samples.snapshot(1))));
        assertThat(post("/sync?wait=true").text())
                .isEqualTo("{\"outcome\":\"unchanged\",\"commit\":\"" + Samples.COMMIT + "\"}\n");

        outcome.set(Mono.just(new Outcome.Held("empty", "the tree holds no \"packages\"")));
        assertThat(post("/sync?wait=true").text())
                .isEqualTo("{\"outcome\":\"held\",\"reason\":\"empty\","
                        + "\"message\":\"the tree holds no \\\"packages\\\"\"}\n");

        outcome.set(Mono.just(new Outcome.Failed("unreachable", "no answer")));
        Reply failed = post("/sync?wait=true");
        assertThat(failed.status()).isEqualTo(200);
        assertThat(failed.text())
                .isEqualTo("{\"outcome\":\"failed\",\"reason\":\"unreachable\",\"message\":\"no answer\"}\n");
        assertThat(started).hasValue(0);
    }

    @Test
    void only_so_many_may_wait_and_places_are_given_back() throws IOException, InterruptedException {
        Sinks.One<Outcome> end = Sinks.one();
        CountDownLatch waiting = new CountDownLatch(32);
        CountDownLatch gone = new CountDownLatch(1);
        outcome.set(end.asMono().doOnSubscribe(joined -> waiting.countDown()).doOnCancel(gone::countDown));
        List<Wire> wires = new ArrayList<>();
        for (int waiter = 0; waiter < 32; waiter++) {
            Wire wire = new Wire(listener.port());
            wires.add(wire.send(Wire.request("POST", "/sync?wait=true")));
        }
        assertThat(waiting.await(10, TimeUnit.SECONDS)).isTrue();

        Reply refused = post("/sync?wait=true");
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.header("retry-after")).isPresent();

        wires.remove(0).close();
        assertThat(gone.await(10, TimeUnit.SECONDS)).isTrue();
        wires.add(new Wire(listener.port()).send(Wire.request("POST", "/sync?wait=true")));
        end.tryEmitValue(new Outcome.Held("empty", "nothing"));
        for (Wire wire : wires) {
            assertThat(wire.read().status()).isEqualTo(200);
            wire.close();
        }
    }

    @Test
    void an_ingest_that_breaks_unforeseen_is_an_error_and_others_are_answered() throws IOException {
        outcome.set(Mono.error(new IllegalStateException("unforeseen")));

        assertThat(post("/sync?wait=true").status()).isEqualTo(500);
        assertThat(Wire.get(listener.port(), "/livez").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /sync, POST",
        "HEAD, /sync, POST",
        "POST, /metrics, 'GET, HEAD'",
        "POST, /livez, 'GET, HEAD'",
        "DELETE, /readyz, 'GET, HEAD'"
    })
    void each_path_has_its_methods(String method, String path, String allowed) throws IOException {
        Reply reply = Wire.ask(listener.port(), method, path);

        assertThat(reply.status()).isEqualTo(405);
        assertThat(reply.header("allow")).contains(allowed);
    }

    @Test
    void what_clients_ask_for_is_not_found_here() throws IOException {
        assertThat(Wire.get(listener.port(), "/index.tar.gz").status()).isEqualTo(404);
        assertThat(Wire.get(listener.port(), "/").status()).isEqualTo(404);
    }

    private Reply post(String target) throws IOException {
        return Wire.ask(listener.port(), "POST", target);
    }
}
