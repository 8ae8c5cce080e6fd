package io.github.mirrorservice.mirror.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorservice.mirror.schedule.LaneSettings.Placement;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.Connection;
import reactor.netty.DisposableServer;
import reactor.netty.resources.LoopResources;
import reactor.netty.tcp.TcpClient;
import reactor.netty.tcp.TcpServer;

/** A real server whose only event loop has much other work to do when a request comes. */
final class EchoTest {

    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final Optional<Duration> SLICE = Optional.of(Duration.ofNanos(250_000));

    /** Two seconds of work, ten microseconds each: the answer comes long before. */
    private static final int MUCH = 200_000;

    /** Twenty milliseconds: far less than the second after which a loop looks at its sockets at all events. */
    private static final int LITTLE = 2_000;

    private final LoopResources clientLoops = LoopResources.create("client", 1, true);
    private final AtomicInteger worked = new AtomicInteger();
    private final Sinks.Empty<Void> begun = Sinks.empty();
    private final Sinks.Empty<Void> echoed = Sinks.empty();

    @AfterEach
    void close() {
        clientLoops.disposeLater(Duration.ZERO, Duration.ofSeconds(5)).block(DEADLINE);
    }

    @Test
    void a_request_is_answered_while_the_loop_works_below_the_operator() {
        int byThen = workDoneWhenTheAnswerCame(SLICE, MUCH, (elements, lane) -> elements.transform(lane::publishOn)
                .doOnNext(this::work));

        assertThat(byThen).isLessThan(MUCH);
    }

    @Test
    void a_request_is_answered_while_the_loop_works_above_the_operator() {
        int byThen = workDoneWhenTheAnswerCame(
                SLICE, MUCH, (elements, lane) -> elements.doOnNext(this::work).transform(lane::publishOn));

        assertThat(byThen).isLessThan(MUCH);
    }

    @Test
    void a_request_is_answered_between_the_hops_of_plain_operators_on_the_lane() {
        int byThen = workDoneWhenTheAnswerCame(SLICE, MUCH, this::hopping);

        assertThat(byThen).isLessThan(MUCH);
    }

    @Test
    void without_cooperation_a_request_waits_for_the_end_of_the_work() {
        int byThen = workDoneWhenTheAnswerCame(
                Optional.empty(), LITTLE, (elements, lane) -> elements.transform(lane::publishOn)
                        .doOnNext(this::work));

        assertThat(byThen).isEqualTo(LITTLE);
    }

    @Test
    void without_fair_hand_overs_a_request_waits_however_often_the_work_hops() {
        int byThen = workDoneWhenTheAnswerCame(Optional.empty(), LITTLE, this::hopping);

        assertThat(byThen).isEqualTo(LITTLE);
    }

    private Flux<?> hopping(Flux<Integer> elements, Cooperation lane) {
        return elements.concatMap(
                        element -> Mono.fromRunnable(() -> work(element)).subscribeOn(lane.lane()))
                .subscribeOn(lane.lane());
    }

    /** Sends a request once the work has begun, and the work goes on until the answer is there, or there is no more. */
    private int workDoneWhenTheAnswerCame(
            Optional<Duration> slice, int elements, BiFunction<Flux<Integer>, Cooperation, Flux<?>> pipeline) {
        try (Lanes lanes = Lanes.open(new LaneSettings(1, Placement.SHARED, slice, 1), nanos -> {})) {
            DisposableServer server = TcpServer.create()
                    .runOn(lanes.loops())
                    .host("127.0.0.1")
                    .port(0)
                    .handle((in, out) -> out.send(in.receive().retain()))
                    .bindNow();
            Connection client = TcpClient.create()
                    .runOn(clientLoops)
                    .remoteAddress(server::address)
                    .connectNow();
            Mono<Void> work = pipeline.apply(Flux.range(0, elements), lanes.ingest())
                    .takeUntilOther(echoed.asMono())
                    .then();
            int byThen = Mono.zip(answer(client), work.thenReturn(true), (done, end) -> done)
                    .blockOptional(DEADLINE)
                    .orElseThrow();
            client.disposeNow();
            server.disposeNow();
            return byThen;
        }
    }

    private Mono<Integer> answer(Connection client) {
        return begun.asMono()
                .then(client.outbound().sendString(Mono.just("ping")).then())
                .then(client.inbound().receive().next())
                .map(answer -> worked.get())
                .doOnNext(done -> echoed.tryEmitEmpty().orThrow());
    }

    /** Ten microseconds of work. */
    private void work(Integer element) {
        long end = System.nanoTime() + 10_000;
        while (System.nanoTime() < end) {
            worked.get();
        }
        if (worked.incrementAndGet() == 1) {
            begun.tryEmitEmpty().orThrow();
        }
    }
}
