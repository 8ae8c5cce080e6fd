package io.github.mirrorservice.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorservice.mirror.opam.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.scheduler.VirtualTimeScheduler;

final class IngestLoopTest {

    private static final Duration POLL = Duration.ofSeconds(60);
    private static final Outcome HELD = new Outcome.Held("empty", "nothing there");
    private static final Outcome FAILED = new Outcome.Failed("unreachable", "no answer");

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final AtomicInteger runs = new AtomicInteger();
    private final List<Long> starts = new ArrayList<>();

    @AfterEach
    void disposeTime() {
        time.dispose();
    }

    @Test
    void the_first_ingest_runs_at_once_and_the_others_at_the_poll_interval() {
        start(Mono.just(HELD));
        assertThat(runs).hasValue(1);

        time.advanceTimeBy(POLL.multipliedBy(10));

        assertPauses(60, 60, 60, 60);
    }

    @Test
    void after_a_failure_the_next_try_comes_soon_and_the_pauses_double_up_to_five_minutes() {
        List<Outcome> outcomes = new ArrayList<>(Collections.nCopies(10, FAILED));
        start(Mono.fromSupplier(() -> outcomes.isEmpty() ? HELD : outcomes.remove(0)));

        time.advanceTimeBy(POLL.multipliedBy(60));

        assertPauses(2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 60, 60);
    }

    @Test
    void a_forge_that_calls_is_answered_at_once_and_a_storm_of_its_calls_once_a_second() {
        IngestLoop loop = start(Mono.just(HELD));

        loop.call();
        assertThat(runs).hasValue(2);
        IntStream.range(0, 100).forEach(call -> loop.call());
        assertThat(runs).hasValue(2);

        time.advanceTimeBy(Duration.ofMillis(999));
        assertThat(runs).hasValue(2);
        time.advanceTimeBy(Duration.ofMillis(1));
        assertThat(runs).hasValue(3);
        time.advanceTimeBy(Duration.ofSeconds(10));
        assertThat(runs).hasValue(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"disk", "shared"})
    void a_disk_or_an_object_store_that_failed_is_tried_again_within_half_a_minute(String reason) {
        start(Mono.just(new Outcome.Failed(reason, "full, or away")));

        time.advanceTimeBy(POLL.multipliedBy(10));

        assertPauses(2, 4, 8, 16, 20, 20, 20, 20);
    }

    @Test
    void the_pauses_of_many_mirrors_drift_apart() {
        start(Mono.just(HELD));

        time.advanceTimeBy(POLL.multipliedBy(20));

        assertThat(pauses()).doesNotHaveDuplicates();
    }

    @Test
    void whoever_asks_gets_an_ingest_at_once() {
        IngestLoop loop = start(Mono.just(HELD));
        List<Outcome> answers = new ArrayList<>();

        Disposable asking = loop.request().subscribe(answers::add);

        assertThat(runs).hasValue(2);
        assertThat(answers).containsExactly(HELD);
        asking.dispose();
    }

    @Test
    void many_who_ask_while_an_ingest_runs_share_the_one_after_it() {
        Sinks.One<Outcome> first = Sinks.one();
        Sinks.One<Outcome> second = Sinks.one();
        IngestLoop loop = start(Mono.defer(() -> runs.get() == 1 ? first.asMono() : second.asMono()));
        List<Outcome> answers = new ArrayList<>();

        Disposable.Composite asking = Disposables.composite();
        for (int i = 0; i < 100; i++) {
            asking.add(loop.request().subscribe(answers::add));
        }
        assertThat(runs).as("the one under way").hasValue(1);
        first.tryEmitValue(FAILED);
        assertThat(runs).hasValue(2);
        assertThat(answers)
                .as("the one under way may have looked before they asked")
                .isEmpty();
        second.tryEmitValue(HELD);

        assertThat(answers).hasSize(100).containsOnly(HELD);
        assertThat(runs).hasValue(2);
        asking.dispose();
    }

    @Test
    void a_cancelled_request_takes_nothing_from_the_others() {
        Sinks.One<Outcome> first = Sinks.one();
        IngestLoop loop = start(Mono.defer(() -> runs.get() == 1 ? first.asMono() : Mono.just(HELD)));
        List<Outcome> answers = new ArrayList<>();

        Disposable impatient = loop.request().subscribe(answers::add);
        Disposable patient = loop.request().subscribe(answers::add);
        impatient.dispose();
        first.tryEmitValue(FAILED);

        assertThat(answers).containsExactly(HELD);
        patient.dispose();
    }

    private List<Duration> pauses() {
        return IntStream.range(1, starts.size())
                .mapToObj(i -> Duration.ofMillis(starts.get(i) - starts.get(i - 1)))
                .toList();
    }

    /** The first pauses are so many seconds, but for the jitter. */
    private void assertPauses(int... seconds) {
        for (int i = 0; i < seconds.length; i++) {
            Duration pause = Duration.ofSeconds(seconds[i]);
            assertThat(pauses().get(i))
                    .as("pause %d", i)
                    .isBetween(
                            pause.multipliedBy(9).dividedBy(10).minusMillis(1),
                            pause.multipliedBy(11).dividedBy(10));
        }
    }

    @Test
    void what_is_not_due_does_not_run_unless_it_is_asked_for_or_has_failed() {
        Outcome failed = new Outcome.Failed("shared", "the object store is away");
        IngestLoop loop = new IngestLoop(
                Mono.fromCallable(() -> {
                    runs.incrementAndGet();
                    return failed;
                }),
                Mono.just(false),
                () -> POLL,
                time);
        Disposable running = loop.outcomes().subscribe();
        time.advanceTimeBy(POLL.multipliedBy(10));
        assertThat(runs).hasValue(0);
        loop.ask();
        assertThat(runs).hasValue(1);
        time.advanceTimeBy(Duration.ofSeconds(3));
        assertThat(runs).hasValue(2);
        running.dispose();
    }

    @Test
    void nobody_waits_for_an_ingest_that_a_shutdown_broke_off() {
        IngestLoop loop = new IngestLoop(Mono.never(), Mono.just(true), () -> POLL, time);
        Disposable running = loop.outcomes().subscribe();
        List<Outcome> answers = new ArrayList<>();
        Disposable before = loop.request().subscribe(answers::add);

        running.dispose();
        Disposable after = loop.request().subscribe(answers::add);

        assertThat(answers).hasSize(2).allSatisfy(answer -> assertThat(answer).isInstanceOf(Outcome.Failed.class));
        before.dispose();
        after.dispose();
    }

    private IngestLoop start(Mono<Outcome> ingest) {
        IngestLoop loop = new IngestLoop(
                Mono.defer(() -> {
                    runs.incrementAndGet();
                    starts.add(time.now(TimeUnit.MILLISECONDS));
                    return ingest;
                }),
                Mono.just(true),
                () -> POLL,
                time);
        loop.outcomes().subscribe();
        return loop;
    }
}
