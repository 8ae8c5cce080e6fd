package io.github.mirrorservice.mirror.prove;

import io.netty.handler.codec.http.HttpHeaderNames;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientResponse;

/**
 * Requests at times that are fixed beforehand, however long the answers take: an open loop. Most are small, as most of a
 * mirror's are; each twentieth takes the whole index.
 */
final class Load {

    /** Further requests would not be sent in time: some minutes of silence. */
    private static final int MOST_WAITING = 100_000;

    private static final Duration HEAD_START = Duration.ofMillis(50);
    private static final String ARCHIVE = "/cache/sha256/00/" + "0".repeat(64);
    private static final int ROUND = 20;

    /** A request that is not answered in this time has failed. */
    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(30);

    private final HttpClient client;
    private final Duration period;
    private final Scheduler clock;
    private final AtomicReference<String> etag = new AtomicReference<>("\"none\"");

    /** Does no work yet; {@code clock} tells when to send. */
    Load(HttpClient client, Duration period, Scheduler clock) {
        this.client = client.responseTimeout(LONGEST_ANSWER);
        this.period = period;
        this.clock = clock;
    }

    /**
     * Emits a sample for every request, once it is answered or has failed. Sends none after {@code end}, and ends when the last
     * one is answered: whoever still waits then counts like all others.
     */
    Flux<Sample> samples(Publisher<?> end) {
        return Flux.defer(() -> {
            long start = System.nanoTime() + HEAD_START.toNanos();
            return Flux.interval(HEAD_START, period, clock)
                    .takeUntilOther(end)
                    .onBackpressureBuffer(MOST_WAITING)
                    .flatMap(number -> sample(number, start + number * period.toNanos()), MOST_WAITING);
        });
    }

    private Mono<Sample> sample(long number, long due) {
        AtomicLong sent = new AtomicLong(due);
        HttpClient asking = client.doAfterRequest((request, connection) -> sent.set(System.nanoTime()));
        return answer(asking, (int) (number % ROUND))
                .onErrorReturn(false)
                .map(served -> new Sample(due, sent.get(), System.nanoTime(), served));
    }

    private Mono<Boolean> answer(HttpClient asking, int turn) {
        return switch (turn) {
            case 0 -> get(asking, "/index.tar.gz", Set.of(200));
            case 7, 14 -> get(asking, ARCHIVE, Set.of(404));
            default -> turn % 2 == 0 ? get(asking, "/repo", Set.of(200)) : unchanged(asking);
        };
    }

    /** The question that a client asks that has the index already: it has the newest, or gets it. */
    private Mono<Boolean> unchanged(HttpClient asking) {
        HttpClient conditional = asking.headers(headers -> headers.set(HttpHeaderNames.IF_NONE_MATCH, etag.get()));
        return get(conditional, "/index.tar.gz", Set.of(200, 304));
    }

    private Mono<Boolean> get(HttpClient asking, String path, Set<Integer> expected) {
        return asking.get()
                .uri(path)
                .response((response, body) -> body.then(Mono.just(isExpected(response, expected))))
                .single();
    }

    private boolean isExpected(HttpClientResponse response, Set<Integer> expected) {
        String tag = response.responseHeaders().get(HttpHeaderNames.ETAG);
        if (tag != null && response.path().equals("index.tar.gz")) {
            etag.set(tag);
        }
        return expected.contains(response.status().code());
    }
}
