package io.github.mirrorservice.mirror.schedule;

import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import org.reactivestreams.tck.SubscriberWhiteboxVerification;
import org.reactivestreams.tck.TestEnvironment;
import reactor.core.CoreSubscriber;
import reactor.core.scheduler.Schedulers;

/** The Reactive Streams rules for subscribers: the operator as its source sees it. */
public final class SubscriberTckTest extends SubscriberWhiteboxVerification<Integer> {

    private static final Slice SHORTEST = new Slice(1, System::nanoTime);

    public SubscriberTckTest() {
        super(new TestEnvironment(2_000, 50));
    }

    @Override
    public Integer createElement(int element) {
        return element;
    }

    @Override
    public Subscriber<Integer> createSubscriber(WhiteboxSubscriberProbe<Integer> probe) {
        // On threads that may block: the kit's probes take a lock, which the test holds now and then.
        return new SlicedSubscriber<>(
                new Probed(probe), Schedulers.boundedElastic().createWorker(), SHORTEST, 4);
    }

    private record Probed(WhiteboxSubscriberProbe<Integer> probe) implements CoreSubscriber<Integer> {

        @Override
        public void onSubscribe(Subscription subscription) {
            probe.registerOnSubscribe(new SubscriberPuppet() {
                @Override
                public void triggerRequest(long elements) {
                    subscription.request(elements);
                }

                @Override
                public void signalCancel() {
                    subscription.cancel();
                }
            });
        }

        @Override
        public void onNext(Integer element) {
            probe.registerOnNext(element);
        }

        @Override
        public void onError(Throwable failure) {
            probe.registerOnError(failure);
        }

        @Override
        public void onComplete() {
            probe.registerOnComplete();
        }
    }
}
