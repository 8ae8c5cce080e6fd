package io.github.mirrorservice.mirror.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;
import reactor.test.util.RaceTestUtils;
import reactor.util.context.Context;

/**
 * The operator when source, reader and lane act at the same moment. After each round the lane runs until it is idle,
 * and then the books must balance.
 */
final class RacesTest {

    private static final int ROUNDS = 5_000;
    private static final int ELEMENTS = 6;

    @Test
    void elements_demand_and_turns() {
        for (int i = 0; i < ROUNDS; i++) {
            Round round = new Round();
            round.race(round::sendAll, round::askForAllOneByOne, round::turns);

            round.settle();
            round.assertBalanced();
            assertThat(round.received).hasSize(ELEMENTS);
            assertThat(round.ends).containsExactly("complete");
        }
    }

    @Test
    void elements_cancellation_and_turns() {
        for (int i = 0; i < ROUNDS; i++) {
            Round round = new Round();
            round.operator.request(3);
            round.race(round::sendAll, round.operator::cancel, round::turns);

            round.settle();
            round.assertBalanced();
            assertThat(round.sourceCancelled).isTrue();
        }
    }

    @Test
    void demand_cancellation_and_turns() {
        for (int i = 0; i < ROUNDS; i++) {
            Round round = new Round();
            round.sendAll();
            round.race(round::askForAllOneByOne, round.operator::cancel, round::turns);

            round.settle();
            round.assertBalanced();
        }
    }

    @Test
    void an_error_demand_and_turns() {
        for (int i = 0; i < ROUNDS; i++) {
            Round round = new Round();
            round.operator.request(1);
            round.operator.onNext(0);
            round.race(
                    () -> round.operator.onError(new IllegalStateException("broken")),
                    () -> round.operator.request(1),
                    round::turns);

            round.settle();
            assertThat(round.received).containsExactly(0);
            assertThat(round.ends).containsExactly("java.lang.IllegalStateException");
        }
    }

    @Test
    void elements_demand_and_a_lane_that_closes() {
        for (int i = 0; i < ROUNDS; i++) {
            Round round = new Round();
            round.race(round::sendAll, round::askForAllOneByOne, round.lane::close, round::turns);

            round.operator.request(1);
            round.settle();
            round.assertBalanced();
            assertThat(round.ends).hasSize(1);
        }
    }

    /** One operator between a source and a reader that can be raced, on a lane that hands over after each element. */
    private static final class Round implements CoreSubscriber<Integer>, Subscription {

        private final ManualLane lane = new ManualLane();
        private final SlicedSubscriber<Integer> operator =
                new SlicedSubscriber<>(this, lane.createWorker(), new Slice(1, System::nanoTime), ELEMENTS);

        private final Queue<Integer> received = new ConcurrentLinkedQueue<>();
        private final Queue<Integer> discarded = new ConcurrentLinkedQueue<>();
        private final Queue<String> ends = new ConcurrentLinkedQueue<>();
        private final AtomicBoolean speaking = new AtomicBoolean();
        private final Queue<String> wrongs = new ConcurrentLinkedQueue<>();
        private volatile boolean sourceCancelled;

        Round() {
            operator.onSubscribe(this);
        }

        void race(Runnable... actors) {
            RaceTestUtils.race(actors);
        }

        void sendAll() {
            IntStream.range(0, ELEMENTS).forEach(operator::onNext);
            operator.onComplete();
        }

        void askForAllOneByOne() {
            IntStream.range(0, ELEMENTS).forEach(i -> operator.request(1));
        }

        void turns() {
            IntStream.range(0, ELEMENTS).forEach(i -> lane.turnsUntilIdle());
        }

        void settle() {
            lane.turnsUntilIdle();
            assertThat(lane.openWorkers()).isZero();
            assertThat(wrongs).isEmpty();
        }

        /** Every element went one way, in its order. */
        void assertBalanced() {
            List<Integer> all = new ArrayList<>(received);
            assertThat(all).isSorted();
            all.addAll(discarded);
            assertThat(all)
                    .containsExactlyInAnyOrderElementsOf(
                            IntStream.range(0, ELEMENTS).boxed().toList());
        }

        private void speak(Runnable signal) {
            if (!speaking.compareAndSet(false, true)) {
                wrongs.add("two signals at once");
            }
            if (!ends.isEmpty()) {
                wrongs.add("a signal after the end");
            }
            signal.run();
            speaking.set(false);
        }

        @Override
        public Context currentContext() {
            return Operators.enableOnDiscard(Context.empty(), this::discard);
        }

        /** Takes its time, so that the others get into the middle of it. */
        private void discard(Object element) {
            IntStream.range(0, 50).forEach(i -> Thread.onSpinWait());
            discarded.add((Integer) element);
        }

        @Override
        public void onSubscribe(Subscription subscription) {}

        @Override
        public void onNext(Integer element) {
            speak(() -> received.add(element));
        }

        @Override
        public void onError(Throwable failure) {
            speak(() -> ends.add(failure.getClass().getName()));
        }

        @Override
        public void onComplete() {
            speak(() -> ends.add("complete"));
        }

        @Override
        public void request(long elements) {
            if (elements != 1) {
                wrongs.add("asked for more than one element at once");
            }
        }

        @Override
        public void cancel() {
            sourceCancelled = true;
        }
    }
}
