package io.github.mirrorservice.mirror.http;

import io.github.mirrorservice.mirror.metrics.Scrape;
import io.github.mirrorservice.mirror.opam.Outcome;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Optional;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * What an operator can ask of the running mirror.
 *
 * @param whyNotReady why clients should not be sent here, or empty if they should; asked on an event loop
 * @param startSync starts an ingest, or joins the one that is about to start, and returns at once
 * @param sync starts or joins an ingest at subscription and emits how it ended; cancelling it cancels no ingest
 * @param scrape the meters
 * @param scraping where their text is made: it reads the operating system's files
 */
public record Operations(
        Supplier<Optional<String>> whyNotReady,
        Runnable startSync,
        Mono<Outcome> sync,
        Scrape scrape,
        Scheduler scraping) {

    Mono<Answer> metrics(Request request) {
        String accept = request.headers().get(HttpHeaderNames.ACCEPT, "");
        return Mono.fromCallable(() -> scrape.text(accept))
                .map(text -> Answer.of(HttpResponseStatus.OK, text.contentType(), text.body()))
                .subscribeOn(scraping);
    }
}
