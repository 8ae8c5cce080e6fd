package io.github.mirrorservice.mirror.archive.upstream;

import io.github.mirrorservice.mirror.archive.ArchiveException;
import io.github.mirrorservice.mirror.archive.ArchiveException.Reason;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.ssl.SslContextBuilder;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.time.Clock;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.ByteBufFlux;
import reactor.netty.resources.LoopResources;

/**
 * Asks hosts on the network for archives, one guarded request at a time. Whoever writes metadata chooses the hosts, so they
 * are asked as if they were hostile: only at public addresses, and within bounds of time and size.
 */
public final class Upstream implements Origin {

    private final UpstreamSettings settings;
    private final Hosts hosts;
    private final Client client;
    private final Breaker breaker;
    private final Turns turns;
    private final Scheduler timer;
    private final InstantSource clock;

    /**
     * Asks nobody yet.
     *
     * @param policy whom it may ask, at a time
     * @param loops the event loops on which connections and timers run; they are not disposed of here
     * @param blocking where it is read whom TLS trusts: whom the JDK trusts
     */
    public Upstream(
            UpstreamSettings settings,
            Supplier<AddressPolicy> policy,
            HostResolver resolver,
            LoopResources loops,
            Scheduler blocking) {
        this(settings, policy, resolver, loops, blocking, SslContextBuilder.forClient(), Clock.systemUTC());
    }

    Upstream(
            UpstreamSettings settings,
            Supplier<AddressPolicy> policy,
            HostResolver resolver,
            LoopResources loops,
            Scheduler blocking,
            SslContextBuilder trust,
            InstantSource clock) {
        this.settings = settings;
        this.hosts = new Hosts(policy, resolver);
        this.client = new Client(settings, loops, blocking, trust);
        this.breaker = new Breaker(clock);
        this.turns = new Turns(settings);
        this.timer = Schedulers.fromExecutorService(loops.onClient(LoopResources.DEFAULT_NATIVE));
        this.clock = clock;
    }

    @Override
    public <T> Flux<T> get(Request request, Function<Reply, ? extends Publisher<T>> receiver) {
        return Flux.defer(() -> {
            Url url = read(request.url());
            return ask(new Hop<>(url, url, request, settings.redirects(), receiver));
        });
    }

    /** A request of a chain that redirects make, and how many more may follow. */
    private record Hop<T>(
            Url first, Url url, Request request, int more, Function<Reply, ? extends Publisher<T>> receiver) {

        boolean trusted() {
            return request.trusted() && url.sameHost(first);
        }

        Hop<T> to(Url next) {
            return new Hop<>(first, next, request, more - 1, receiver);
        }
    }

    private static Url read(String url) {
        try {
            return Url.parse(url);
        } catch (IllegalArgumentException e) {
            throw new ArchiveException.Source(Reason.ADDRESS, "a URL that may not be asked: " + e.getMessage());
        }
    }

    private <T> Flux<T> ask(Hop<T> hop) {
        return Flux.using(
                () -> new Exchange(turns.to(hop.url().authority())),
                exchange -> rested(hop)
                        .then(exchange.turn().enter())
                        .publishOn(timer) // a turn that comes when another ends does not run inside that end
                        .then(Mono.defer(() -> rested(hop)))
                        .thenMany(Flux.defer(() -> proceed(hop, exchange))),
                Exchange::close);
    }

    /** Fails while the host rests. */
    private Mono<Void> rested(Hop<?> hop) {
        return Mono.defer(
                () -> Mono.justOrEmpty(breaker.refusal(hop.url().authority())).flatMap(Mono::error));
    }

    private <T> Flux<T> proceed(Hop<T> hop, Exchange exchange) {
        String host = hop.url().authority();
        return hosts.find(hop.url(), hop.trusted())
                .flatMap(addresses -> head(hop, exchange, addresses))
                .timeout(settings.head(), timer)
                .onErrorMap(NetworkFailures.beforeAnAnswer(host))
                .doOnError(ArchiveException.Source.class, failure -> note(host, failure))
                .flatMapMany(answered -> receive(hop, exchange, answered))
                .takeUntilOther(
                        Mono.delay(settings.total(), timer).then(Mono.error(() -> NetworkFailures.tooSlow(host))));
    }

    private Mono<Exchange.Answered> head(Hop<?> hop, Exchange exchange, List<InetSocketAddress> addresses) {
        Mono<Exchange.Answered> first = client.send(hop.url(), hop.request().resume(), addresses.get(0), exchange);
        return addresses.size() < 2
                ? first
                : first.onErrorResume(
                        SocketException.class,
                        failure -> client.send(hop.url(), hop.request().resume(), addresses.get(1), exchange));
    }

    private void note(String host, ArchiveException.Source failure) {
        if (failure.reason().passing()) {
            breaker.failed(host, failure);
        }
    }

    private <T> Flux<T> receive(Hop<T> hop, Exchange exchange, Exchange.Answered answered) {
        int status = answered.head().status().code();
        if (Answers.isRedirect(status)) {
            exchange.close();
            breaker.succeeded(hop.url().authority());
            return ask(hop.to(next(hop, answered.head().responseHeaders().get(HttpHeaderNames.LOCATION, ""))));
        }
        return Flux.from(hop.receiver().apply(reply(hop, answered)));
    }

    private static Url next(Hop<?> hop, String location) {
        String host = hop.url().authority();
        if (hop.more() == 0) {
            throw new ArchiveException.Source(Reason.REDIRECT, host + " redirects once more than is followed");
        }
        Url next = resolve(hop.url(), location);
        if (hop.url().secure() && !next.secure()) {
            throw new ArchiveException.Source(Reason.REDIRECT, host + " redirects from https to http");
        }
        return next;
    }

    private static Url resolve(Url url, String location) {
        try {
            return url.resolve(location);
        } catch (IllegalArgumentException e) {
            throw new ArchiveException.Source(
                    Reason.REDIRECT, "%s redirects to %s".formatted(url.authority(), e.getMessage()));
        }
    }

    private Reply reply(Hop<?> hop, Exchange.Answered answered) {
        String host = hop.url().authority();
        Answers.Part part = part(host, hop.request().resume(), answered);
        if (part.length().isPresent() && part.length().getAsLong() > settings.largest()) {
            throw NetworkFailures.tooLarge(host, settings.largest());
        }
        return new Reply(
                part.length(),
                part.from(),
                part.validator(),
                Pace.hold(
                                ByteBufFlux.fromInbound(
                                        answered.connection().inbound().receive()),
                                part.from(),
                                host,
                                settings,
                                timer)
                        .onErrorMap(NetworkFailures.inTheBody(host))
                        .doOnError(ArchiveException.Source.class, failure -> note(host, failure))
                        .doOnComplete(() -> breaker.succeeded(host)));
    }

    private Answers.Part part(String host, Optional<Resume> resume, Exchange.Answered answered) {
        try {
            return Answers.part(
                    host, answered.head().status().code(), answered.head().responseHeaders(), resume, clock);
        } catch (ArchiveException.Source refused) {
            note(host, refused);
            throw refused;
        }
    }
}
