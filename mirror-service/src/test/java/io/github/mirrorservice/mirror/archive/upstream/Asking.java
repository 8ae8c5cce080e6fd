package io.github.mirrorservice.mirror.archive.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.mirrorservice.mirror.archive.ArchiveException;
import io.netty.handler.ssl.SslContextBuilder;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.resources.LoopResources;

/** Upstreams to test, names that resolve as told, and a clock that is moved by hand. */
final class Asking implements AutoCloseable {

    static final Duration DEADLINE = Duration.ofSeconds(10);
    static final UpstreamSettings SHORT = new UpstreamSettings(
            "mirror-service/test",
            Duration.ofSeconds(2),
            Duration.ofMillis(300),
            Duration.ofSeconds(2),
            Duration.ofSeconds(5),
            1_000,
            100_000,
            5,
            2,
            3,
            4);

    final LoopResources loops = LoopResources.create("asking", 1, true);
    final List<String> lookUps = new CopyOnWriteArrayList<>();
    final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
    final Upstream upstream;

    Asking(Map<String, List<String>> names, String... allowed) {
        this(SHORT, names, allowed);
    }

    Asking(UpstreamSettings settings, Map<String, List<String>> names, String... allowed) {
        this(settings, SslContextBuilder.forClient(), names, allowed);
    }

    Asking(UpstreamSettings settings, SslContextBuilder trust, Map<String, List<String>> names, String... allowed) {
        InstantSource clock = now::get;
        HostResolver resolver = host -> {
            lookUps.add(host);
            return Mono.justOrEmpty(names.get(host)).map(Asking::addresses);
        };
        upstream = new Upstream(
                settings,
                () -> AddressPolicy.of(List.of(allowed)),
                resolver,
                loops,
                Schedulers.boundedElastic(),
                trust,
                clock);
    }

    static List<InetAddress> addresses(List<String> texts) {
        return texts.stream().map(Asking::address).toList();
    }

    static InetAddress address(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    Flux<String> asking(Request request) {
        return upstream.get(request, reply -> reply.body().map(buffer -> buffer.toString(StandardCharsets.ISO_8859_1)));
    }

    /** All of the body as text. */
    String body(String url) {
        return body(Request.of(url));
    }

    String body(Request request) {
        return Objects.requireNonNull(String.join(
                "", asking(request).collectList().blockOptional(DEADLINE).orElseThrow()));
    }

    ArchiveException.Source failure(String url) {
        return failure(Request.of(url));
    }

    ArchiveException.Source failure(Request request) {
        ArchiveException.Source failure = catchThrowableOfType(ArchiveException.Source.class, () -> body(request));
        assertThat(failure).as(request.url()).isNotNull();
        return failure;
    }

    static Request trusted(String url) {
        return new Request(url, true, Optional.empty());
    }

    static Request resuming(String url) {
        return new Request(url, true, Optional.of(new Resume(3, "\"v\"")));
    }

    @Override
    public void close() {
        loops.disposeLater(Duration.ZERO, DEADLINE).block(DEADLINE);
    }
}
