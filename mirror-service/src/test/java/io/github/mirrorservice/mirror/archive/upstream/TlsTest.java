package io.github.mirrorservice.mirror.archive.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorservice.mirror.archive.ArchiveException.Reason;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.SimpleTrustManagerFactory;
import java.io.InputStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.ManagerFactoryParameters;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.scheduler.Schedulers;

/** Hosts with a certificate for {@code right.example} alone, by an authority that is trusted or not. */
@SuppressWarnings("try")
final class TlsTest {

    private static final String PASSWORD = "changeit";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final Map<String, List<String>> NAMES =
            Map.of("right.example", List.of("127.0.0.1"), "wrong.example", List.of("127.0.0.1"));

    private static KeyStore keys;

    private final List<String> asked = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void make(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("keys.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "host",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=right.example",
                        "-ext",
                        "san=dns:right.example",
                        "-validity",
                        "2",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD,
                        "-keystore",
                        file.toString())
                .redirectErrorStream(true)
                .start();
        keytool.getInputStream().readAllBytes();
        assertThat(keytool.waitFor()).isZero();
        keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            keys.load(in, PASSWORD.toCharArray());
        }
    }

    @Test
    void a_host_that_proves_its_name_is_asked_and_is_told_which_name_is_meant() throws Exception {
        try (Asking asking = new Asking(Asking.SHORT, trusting(), NAMES, "127.0.0.0/8");
                RawOrigin origin = origin(OK)) {
            assertThat(asking.body(url("right.example", origin))).isEqualTo("ok");
        }
        assertThat(asked).containsExactly("right.example");
    }

    @Test
    void a_host_with_another_name_or_an_unknown_authority_is_not_asked() throws Exception {
        try (Asking asking = new Asking(Asking.SHORT, trusting(), NAMES, "127.0.0.0/8");
                Asking strict = new Asking(NAMES, "127.0.0.0/8");
                RawOrigin origin = origin(OK)) {
            assertThat(asking.failure(url("wrong.example", origin)).reason()).isEqualTo(Reason.UNREACHABLE);
            assertThat(strict.failure(url("right.example", origin)).reason()).isEqualTo(Reason.UNREACHABLE);
            assertThat(origin.heads()).allMatch(String::isEmpty);
        }
    }

    @Test
    void a_redirect_to_http_is_not_followed() throws Exception {
        try (Asking asking = new Asking(Asking.SHORT, trusting(), NAMES, "127.0.0.0/8");
                RawOrigin plain = RawOrigin.saying(target -> OK);
                RawOrigin origin = origin("HTTP/1.1 302 x\r\nLocation: " + plain.url("/") + "\r\n\r\n")) {
            assertThat(asking.failure(url("right.example", origin)).reason()).isEqualTo(Reason.REDIRECT);
            assertThat(plain.visits()).isZero();
        }
    }

    @Test
    void whom_to_trust_is_read_where_blocking_is_allowed_and_not_before_a_host_has_to_prove_its_name()
            throws Exception {
        List<Boolean> readOnEventLoop = new CopyOnWriteArrayList<>();
        SslContextBuilder trust = SslContextBuilder.forClient().trustManager(watched(trustManagers(), readOnEventLoop));
        try (Asking asking = new Asking(Asking.SHORT, trust, NAMES, "127.0.0.0/8");
                RawOrigin plain = RawOrigin.saying(target -> OK);
                RawOrigin origin = origin(OK)) {
            assertThat(asking.body(plain.url("/"))).isEqualTo("ok");
            assertThat(readOnEventLoop).isEmpty();
            assertThat(asking.body(url("right.example", origin))).isEqualTo("ok");
            assertThat(readOnEventLoop).containsExactly(false);
        }
    }

    private static TrustManagerFactory watched(TrustManagerFactory trust, List<Boolean> readOnEventLoop) {
        return new SimpleTrustManagerFactory() {
            @Override
            protected void engineInit(KeyStore none) {}

            @Override
            protected void engineInit(ManagerFactoryParameters none) {}

            @Override
            protected TrustManager[] engineGetTrustManagers() {
                readOnEventLoop.add(Schedulers.isInNonBlockingThread());
                return trust.getTrustManagers();
            }
        };
    }

    private static String url(String name, RawOrigin origin) {
        return "https://" + name + ":" + origin.port() + "/";
    }

    private RawOrigin origin(String answer) throws Exception {
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(keys, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), null, null);
        ServerSocket listener = context.getServerSocketFactory().createServerSocket(0);
        return RawOrigin.by(listener, (head, client) -> {
            if (!head.isEmpty()
                    && client instanceof SSLSocket secure
                    && secure.getSession() instanceof ExtendedSSLSession session) {
                session.getRequestedServerNames()
                        .forEach(name -> asked.add(new String(name.getEncoded(), StandardCharsets.US_ASCII)));
                RawOrigin.say(client, answer);
            }
        });
    }

    private static SslContextBuilder trusting() throws Exception {
        return SslContextBuilder.forClient().trustManager(trustManagers());
    }

    private static TrustManagerFactory trustManagers() throws Exception {
        KeyStore authorities = KeyStore.getInstance("PKCS12");
        authorities.load(null, null);
        authorities.setCertificateEntry("authority", keys.getCertificate("host"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(authorities);
        return trust;
    }
}
