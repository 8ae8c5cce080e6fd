package io.github.mirrorservice.mirror.http;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * The certificate that a listener shows and the key that proves it, as their files were when they were last read well. New
 * connections are given the newest; those that are open keep what they began with.
 */
public final class Tls {

    private static final String[] VERSIONS = {"TLSv1.3", "TLSv1.2"};

    private final Path certificate;
    private final Path key;
    private final boolean http2;
    private volatile List<String> seen;
    private volatile SslContext context;

    private Tls(Path certificate, Path key, boolean http2, List<String> seen, SslContext context) {
        this.certificate = certificate;
        this.key = key;
        this.http2 = http2;
        this.seen = seen;
        this.context = context;
    }

    /**
     * Reads the files.
     *
     * @param certificate the certificate and those that vouch for it, in this order, PEM
     * @param key its private key, PKCS#8 in PEM, without a password
     * @param http2 whether clients are offered HTTP/2
     * @throws IOException if they cannot be read, are not what they should be, or do not belong together
     */
    public static Tls of(Path certificate, Path key, boolean http2) throws IOException {
        List<String> held = digests(certificate, key);
        return new Tls(certificate, key, http2, held, context(Credentials.read(certificate, key), http2));
    }

    /**
     * Looks at the files again and again, and emits after each change of theirs: empty if they are used from now on, else
     * why they are not. Never ends.
     *
     * @param period the pause between two looks
     * @param reading where files may be read
     */
    public Flux<Change> changes(Duration period, Scheduler reading) {
        return Mono.delay(period, reading)
                .flatMap(tick -> Mono.justOrEmpty(look()))
                .repeat();
    }

    /** What a change of the files came to. */
    public sealed interface Change {
        /** New connections are given what they hold now. */
        record Used() implements Change {}

        /**
         * What they held before stays in use.
         *
         * @param why what is wrong with them
         */
        record Unusable(String why) implements Change {}
    }

    SslHandler handler(ByteBufAllocator allocator, Duration handshake) {
        SslHandler handler = context.newHandler(allocator);
        handler.setHandshakeTimeout(handshake.toMillis(), TimeUnit.MILLISECONDS);
        return handler;
    }

    private Optional<Change> look() {
        List<String> held = digests(certificate, key);
        if (held.equals(seen)) {
            return Optional.empty();
        }
        seen = held;
        try {
            context = context(Credentials.read(certificate, key), http2);
            return Optional.of(new Change.Used());
        } catch (IOException unusable) {
            return Optional.of(new Change.Unusable(String.valueOf(unusable.getMessage())));
        }
    }

    /** What the files hold, in short: when they were written is no sure sign. Of files that are not there, nothing. */
    private static List<String> digests(Path certificate, Path key) {
        try {
            return List.of(digest(certificate), digest(key));
        } catch (IOException gone) {
            return List.of();
        }
    }

    private static String digest(Path file) throws IOException {
        return HexFormat.of().formatHex(Sha256.of(Files.readAllBytes(file)));
    }

    private static SslContext context(Credentials credentials, boolean http2) throws IOException {
        return SslContextBuilder.forServer(credentials.key(), credentials.certificates())
                .protocols(VERSIONS)
                .ciphers(Http2SecurityUtil.CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        Protocol.ALPN,
                        SelectorFailureBehavior.NO_ADVERTISE,
                        SelectedListenerFailureBehavior.ACCEPT,
                        Stream.of(ApplicationProtocolNames.HTTP_2, ApplicationProtocolNames.HTTP_1_1)
                                .skip(http2 ? 0 : 1)
                                .toList()))
                .build();
    }
}
