package io.github.mirrorservice.mirror.http;

import io.github.mirrorservice.mirror.archive.Content;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * {@code /status/events}: the parts of the page that have changed, as they change. Server-sent events as the
 * <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">HTML standard</a> has them; the name of an event
 * is that of a part, its data the part's HTML.
 */
final class StatusEvents {

    /** How many may look on at once; whoever comes then sees the page, and tries again. */
    static final int MOST = 100;

    private static final Duration PERIOD = Duration.ofSeconds(1);

    /** After that the browser comes back by itself: nobody holds a place for ever. */
    private static final Duration LONGEST = Duration.ofMinutes(5);

    /** So often something is said at least, so that a client that has gone without a word is noticed. */
    private static final int QUIET_PERIODS = 15;

    private static final String RETRY = "retry: 2000\n\n";
    private static final String KEEP_ALIVE = ":\n\n";

    private static final Answer TOO_MANY = Answer.text(
                    HttpResponseStatus.SERVICE_UNAVAILABLE, "too many look on already; /status shows the same")
            .with(HeaderNames.RETRY_AFTER, Shelf.RETRY_SECONDS);

    private final Mono<Map<String, String>> sections;
    private final Mono<Void> draining;
    private final AtomicInteger looking = new AtomicInteger();

    /**
     * Sends nothing yet.
     *
     * @param sections emits the parts of the page as they are now
     * @param draining completes when no stream may go on
     */
    StatusEvents(Mono<Map<String, String>> sections, Mono<Void> draining) {
        this.sections = sections;
        this.draining = draining;
    }

    Answer answer(Request request) {
        return looking.get() < MOST
                ? new Answer(HttpResponseStatus.OK, headers(request), new Payload.Stream(events()))
                : TOO_MANY;
    }

    /** A client of HTTP/1.0, such as some proxies are, reads to the end of the connection; for HEAD there are no chunks. */
    private static HttpHeaders headers(Request request) {
        HttpHeaders headers = new DefaultHttpHeaders()
                .set(HeaderNames.CONTENT_TYPE, "text/event-stream")
                .set(HeaderNames.CACHE_CONTROL, "no-store")
                .set(HeaderNames.CONTENT_TYPE_OPTIONS, "nosniff")
                .set("X-Accel-Buffering", "no");
        return request.head().protocolVersion().equals(HttpVersion.HTTP_1_0) || HttpMethod.HEAD.equals(request.method())
                ? headers
                : headers.set("Transfer-Encoding", "chunked");
    }

    private Flux<Content.Part> events() {
        Flux<String> news = Flux.interval(Duration.ZERO, PERIOD, Schedulers.parallel())
                .onBackpressureDrop()
                .concatMap(tick -> sections, 1)
                .scan(Seen.NOTHING, Seen::then)
                .skip(1)
                .map(Seen::event)
                .filter(event -> !event.isEmpty());
        return news.startWith(RETRY)
                .take(LONGEST)
                .takeUntilOther(draining)
                .doOnSubscribe(some -> looking.incrementAndGet())
                .doFinally(end -> looking.decrementAndGet())
                .map(StatusEvents::part);
    }

    private static Content.Part part(String event) {
        byte[] bytes = event.getBytes(StandardCharsets.UTF_8);
        return () -> Optional.of(new DefaultHttpContent(Unpooled.wrappedBuffer(bytes)));
    }

    /**
     * What a client has seen, and what it is told now.
     *
     * @param quiet for how many periods it was told nothing
     * @param event what it is told, or nothing
     */
    private record Seen(Map<String, String> sections, int quiet, String event) {

        static final Seen NOTHING = new Seen(Map.of(), 0, "");

        Seen then(Map<String, String> now) {
            String changed = now.entrySet().stream()
                    .filter(section -> !section.getValue().equals(sections.get(section.getKey())))
                    .map(section -> event(section.getKey(), section.getValue()))
                    .collect(Collectors.joining());
            if (!changed.isEmpty()) {
                return new Seen(now, 0, changed);
            }
            return quiet + 1 < QUIET_PERIODS ? new Seen(now, quiet + 1, "") : new Seen(now, 0, KEEP_ALIVE);
        }

        private static String event(String name, String data) {
            return "event: " + name + "\n"
                    + data.lines().map(line -> "data: " + line + "\n").collect(Collectors.joining())
                    + "\n";
        }
    }
}
