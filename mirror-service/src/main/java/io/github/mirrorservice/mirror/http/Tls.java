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
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The certificate that a listener shows and the key that proves it, as their files were when they were last read well. New
 * connections are given the newest; those that are open keep what they began with.
 */
public final class Tls {

    private static final String[] VERSIONS = {"TLSv1.3", "TLSv1.2"};

    private final Renewed<SslContext> context;

    private Tls(Renewed<SslContext> context) {
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
        return new Tls(Renewed.of(
                "the certificate",
                List.of(certificate, key),
                () -> context(Credentials.read(certificate, key), http2)));
    }

    /** What new connections are given: changes with the files. */
    public Renewed<?> renewed() {
        return context;
    }

    SslHandler handler(ByteBufAllocator allocator, Duration handshake) {
        SslHandler handler = context.current().newHandler(allocator);
        handler.setHandshakeTimeout(handshake.toMillis(), TimeUnit.MILLISECONDS);
        return handler;
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
