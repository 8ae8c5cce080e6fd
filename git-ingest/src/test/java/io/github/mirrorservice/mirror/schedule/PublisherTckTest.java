package io.github.mirrorservice.mirror.schedule;

import java.time.Duration;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import org.reactivestreams.tck.TestEnvironment;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/** The Reactive Streams rules for publishers. */
public final class PublisherTckTest extends PublisherVerification<Integer> {

    /** On threads that may block: the kit's subscribers take a lock, which the test holds now and then. */
    private final Cooperation cooperation = Cooperation.on(Schedulers.boundedElastic(), Duration.ofNanos(1));

    public PublisherTckTest() {
        super(new TestEnvironment(2_000, 50));
    }

    @Override
    public Publisher<Integer> createPublisher(long elements) {
        return Flux.range(0, (int) Math.min(elements, Integer.MAX_VALUE)).transform(cooperation::publishOn);
    }

    @Override
    public Publisher<Integer> createFailedPublisher() {
        return Flux.<Integer>error(new IllegalStateException("as wanted")).transform(cooperation::publishOn);
    }
}
