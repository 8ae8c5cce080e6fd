package io.github.mirrorservice.mirror.schedule;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.reactivestreams.Subscription;
import reactor.core.Scannable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/** A subscriber that asks only when it is told to, and notes what happens. */
class Reader extends BaseSubscriber<Integer> {

    final List<Integer> received = new ArrayList<>();
    final List<Object> discarded = new ArrayList<>();
    final List<Object> dropped = new ArrayList<>();
    final List<Throwable> failures = new ArrayList<>();
    int completions;

    /** The operator this reader is subscribed to. */
    Scannable above() {
        return Scannable.from(upstream());
    }

    @Override
    public Context currentContext() {
        Context context = Operators.enableOnDiscard(Context.empty(), discarded::add);
        return context.put("reactor.onNextDropped.local", (Consumer<Object>) dropped::add)
                .put("reactor.onErrorDropped.local", (Consumer<Throwable>) dropped::add);
    }

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
        // Nothing is asked for yet.
    }

    @Override
    protected void hookOnNext(Integer element) {
        received.add(element);
    }

    @Override
    protected void hookOnComplete() {
        completions++;
    }

    @Override
    protected void hookOnError(Throwable failure) {
        failures.add(failure);
    }
}
