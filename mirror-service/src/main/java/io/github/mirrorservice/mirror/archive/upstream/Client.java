package io.github.mirrorservice.mirror.archive.upstream;

import static io.netty.handler.ssl.SslProvider.JDK;

import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.resolver.NoopAddressResolverGroup;
import java.net.InetSocketAddress;
import java.util.Optional;
import javax.net.ssl.SSLException;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.LoopResources;
import reactor.netty.tcp.SslProvider;

/**
 * Sends one request on a connection of its own, to an address that was judged already: nothing is looked up, followed,
 * repeated or unpacked on the way.
 */
final class Client {

    private static final int LONGEST_LINE = 8_192;
    private static final int LARGEST_HEAD = 32_768;

    private final UpstreamSettings settings;
    private final Mono<HttpClient> plain;
    private final Mono<HttpClient> secure;

    /**
     * With {@code trust} saying whom to trust, and nothing else about TLS. What Java trusts is read on {@code blocking}, when
     * the first host is asked that has to prove its name.
     */
    Client(UpstreamSettings settings, LoopResources loops, Scheduler blocking, SslContextBuilder trust) {
        this.settings = settings;
        int connect = Math.toIntExact(settings.connect().toMillis());
        HttpClient client = HttpClient.newConnection()
                .runOn(loops)
                .resolver(NoopAddressResolverGroup.INSTANCE)
                .noProxy()
                .disableRetry(true)
                .followRedirect(false)
                .compress(false)
                .keepAlive(false)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, connect)
                .httpResponseDecoder(
                        decoder -> decoder.maxInitialLineLength(LONGEST_LINE).maxHeaderSize(LARGEST_HEAD));
        plain = Mono.just(client);
        secure = Mono.fromCallable(() -> client.secure(tls(trust)))
                .subscribeOn(blocking)
                .cache();
    }

    private SslProvider tls(SslContextBuilder trust) {
        return SslProvider.builder()
                .sslContext(secured(trust))
                .handshakeTimeout(settings.connect())
                .build();
    }

    /** Only for the name that was asked. Reactor Netty's own context would need HTTP/3's classes. */
    private static SslContext secured(SslContextBuilder trust) {
        try {
            return trust.sslProvider(JDK)
                    .endpointIdentificationAlgorithm("HTTPS")
                    .build();
        } catch (SSLException e) {
            throw new IllegalStateException(
                    "TLS cannot be set up. Remedy: see whether this Java has its list of authorities", e);
        }
    }

    /** Emits the head of the answer; its connection is the exchange's from then on. */
    Mono<Exchange.Answered> send(Url url, Optional<Resume> resume, InetSocketAddress address, Exchange exchange) {
        return (url.secure() ? secure : plain).flatMap(client -> client.remoteAddress(() -> address)
                .headers(headers -> write(headers, url, resume))
                .get()
                .uri(url.target())
                .responseConnection((head, connection) -> Mono.just(exchange.answered(head, connection)))
                .single());
    }

    private void write(HttpHeaders headers, Url url, Optional<Resume> resume) {
        headers.set(HttpHeaderNames.HOST, url.authority())
                .set(HttpHeaderNames.USER_AGENT, settings.userAgent())
                .set(HttpHeaderNames.ACCEPT, "*/*");
        resume.ifPresent(rest -> headers.set(HttpHeaderNames.RANGE, "bytes=" + rest.from() + "-")
                .set(HttpHeaderNames.IF_RANGE, rest.validator()));
    }
}
