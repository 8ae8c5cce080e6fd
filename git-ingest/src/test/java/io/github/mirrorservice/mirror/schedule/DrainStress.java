package io.github.mirrorservice.mirror.schedule;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/** The operator's drain under jcstress: any two of source, reader and lane at once, in every order the machine knows. */
public final class DrainStress {

    private DrainStress() {}

    /** The end comes while the drain runs: no signal is lost, none comes twice. */
    @JCStressTest
    @Outcome(id = "1, 0, 1", expect = ACCEPTABLE, desc = "one element, then the end")
    @State
    public static class SignalsStress extends Books {

        @Actor
        public void source() {
            operator.onNext(1);
            operator.onComplete();
        }

        @Actor
        public void lane() {
            operator.request(1);
            lane.turnsUntilIdle();
        }

        @Arbiter
        public void close(III_Result books) {
            balance(books);
        }
    }

    /** Demand comes while the drain runs: none is lost. */
    @JCStressTest
    @Outcome(id = "2, 0, 1", expect = ACCEPTABLE, desc = "both elements, then the end")
    @State
    public static class DemandStress extends Books {

        public DemandStress() {
            operator.onNext(1);
            operator.onNext(2);
            operator.onComplete();
        }

        @Actor
        public void reader() {
            operator.request(1);
            operator.request(1);
        }

        @Actor
        public void lane() {
            lane.turnsUntilIdle();
        }

        @Arbiter
        public void close(III_Result books) {
            balance(books);
        }
    }

    /** A cancellation comes while the drain runs: each element is received or discarded, none is lost. */
    @JCStressTest
    @Outcome(id = "0, 2, 0", expect = ACCEPTABLE, desc = "cancelled before the first")
    @Outcome(id = "1, 1, 0", expect = ACCEPTABLE, desc = "cancelled between the two")
    @Outcome(id = "2, 0, 0", expect = ACCEPTABLE, desc = "cancelled after the second")
    @State
    public static class CancelledDrainStress extends Books {

        public CancelledDrainStress() {
            operator.request(3);
            operator.onNext(1);
            operator.onNext(2);
        }

        @Actor
        public void reader() {
            operator.cancel();
        }

        @Actor
        public void lane() {
            lane.turnsUntilIdle();
        }

        @Arbiter
        public void close(III_Result books) {
            balance(books);
        }
    }

    /** Elements come while a cancellation clears up: each is discarded, none is left in the queue. */
    @JCStressTest
    @Outcome(id = "0, 2, 0", expect = ACCEPTABLE, desc = "both discarded")
    @State
    public static class CancelledSourceStress extends Books {

        @Actor
        public void source() {
            operator.onNext(1);
            operator.onNext(2);
        }

        @Actor
        public void reader() {
            operator.cancel();
        }

        @Arbiter
        public void close(III_Result books) {
            balance(books);
        }
    }

    /** The reader of the operator: counts the elements it was given and those that were discarded, and the ends. */
    static class Books implements CoreSubscriber<Integer>, Subscription {

        final ManualLane lane = new ManualLane();
        final SlicedSubscriber<Integer> operator =
                new SlicedSubscriber<>(this, lane.createWorker(), new Slice(1, System::nanoTime), 2);

        private int received;
        private int discarded;
        private int ends;

        Books() {
            operator.onSubscribe(this);
        }

        void balance(III_Result books) {
            lane.turnsUntilIdle();
            books.r1 = received;
            books.r2 = discarded;
            books.r3 = ends;
        }

        @Override
        public Context currentContext() {
            return Operators.enableOnDiscard(Context.empty(), element -> discarded++);
        }

        @Override
        public void onSubscribe(Subscription subscription) {}

        @Override
        public void onNext(Integer element) {
            received++;
        }

        @Override
        public void onError(Throwable failure) {
            ends += 10;
        }

        @Override
        public void onComplete() {
            ends++;
        }

        @Override
        public void request(long elements) {}

        @Override
        public void cancel() {}
    }
}
