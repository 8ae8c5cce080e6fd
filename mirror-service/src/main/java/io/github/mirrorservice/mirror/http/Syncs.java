package io.github.mirrorservice.mirror.http;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Mono;

/** {@code POST /sync}: an ingest on demand, waited for by a bounded number of requests. */
final class Syncs {

    private static final int MOST_WAITING = 32;
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(15);

    private static final Answer STARTED = Answer.json(
            HttpResponseStatus.ACCEPTED, new Json().put("outcome", "started").end());
    private static final Answer TOO_MANY = Answer.text(
                    HttpResponseStatus.SERVICE_UNAVAILABLE, "too many requests wait for an ingest already")
            .with(HeaderNames.RETRY_AFTER, Shelf.RETRY_SECONDS);

    private final Operations operations;
    private final AtomicInteger waiting = new AtomicInteger();

    Syncs(Operations operations) {
        this.operations = operations;
    }

    Mono<Answer> answer(String target) {
        return wantsOutcome(target) ? Mono.defer(this::outcome) : Mono.fromSupplier(this::started);
    }

    private static boolean wantsOutcome(String target) {
        return new QueryStringDecoder(target)
                .parameters()
                .getOrDefault("wait", List.of())
                .contains("true");
    }

    private Answer started() {
        operations.startSync().run();
        return STARTED;
    }

    private Mono<Answer> outcome() {
        if (waiting.incrementAndGet() > MOST_WAITING) {
            waiting.decrementAndGet();
            return Mono.just(TOO_MANY);
        }
        return operations
                .sync()
                .map(outcome -> Answer.json(HttpResponseStatus.OK, OutcomeJson.of(outcome)))
                .timeout(LONGEST_WAIT, Mono.just(STARTED))
                .doFinally(end -> waiting.decrementAndGet());
    }
}
