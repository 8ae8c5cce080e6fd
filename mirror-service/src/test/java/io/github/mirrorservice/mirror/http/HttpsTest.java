package io.github.mirrorservice.mirror.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.mirrorservice.mirror.opam.Snapshot;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.scheduler.Schedulers;

/** A listener that speaks TLS. */
final class HttpsTest {

    private static final int LARGE = 20_000_000;
    private static final Snapshot SNAPSHOT = Samples.snapshot(LARGE);
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(600);
    private static final Duration OFTEN = Duration.ofMillis(20);

    @TempDir
    private Path directory;

    private final List<Listener> listeners = new ArrayList<>();
    private Pem pem;
    private Tls tls;

    @BeforeEach
    void make() throws Exception {
        pem = Pem.make(directory, "localhost");
        tls = Tls.of(pem.certificate(), pem.key(), true);
    }

    @AfterEach
    void close() {
        listeners.forEach(Listener::close);
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void a_client_gets_the_same_bytes_by_the_version_that_it_asks_for(HttpClient.Version version) throws Exception {
        Listener listener = listener(LONG);
        HttpClient client =
                HttpClient.newBuilder().version(version).sslContext(trusting()).build();
        String url = "https://localhost:" + listener.port();

        HttpResponse<byte[]> index = client.send(request(url + "/index.tar.gz"), BodyHandlers.ofByteArray());
        HttpResponse<String> page = client.send(request(url + "/"), BodyHandlers.ofString());

        assertThat(index.version()).isEqualTo(version);
        assertThat(index.body()).isEqualTo(Samples.bytes(SNAPSHOT.index()));
        assertThat(page.body()).contains("opam init --bare " + url + "<");
    }

    @Test
    void a_slow_reader_is_given_pieces_and_not_all() throws Exception {
        Listener listener = listener(LONG);
        long before = Listener.usedMemory();
        try (Wire wire = new Wire(secured(listener))) {
            assertThat(wire.send(Wire.request("GET", "/index.tar.gz")).readHead())
                    .isEqualTo(200);
            assertThat(wire.exactly(1_000_000)).hasSize(1_000_000);

            assertThat(Listener.usedMemory() - before).isLessThan(4_000_000);
            assertThat(wire.exactly(LARGE - 1_000_000)).hasSize(LARGE - 1_000_000);
        }
    }

    @Test
    void a_handshake_that_never_comes_is_not_waited_for() throws IOException {
        Listener listener = listener(SHORT);
        try (Wire wire = new Wire(listener.port())) {
            assertThat(wire.ends()).isTrue();
        }
        listener.awaitConnections(0);
    }

    @Test
    void who_speaks_no_tls_is_closed() throws IOException {
        Listener listener = listener(LONG);
        try (Wire wire = new Wire(listener.port())) {
            assertThat(wire.send(Wire.request("GET", "/repo")).ends()).isTrue();
        }
        listener.awaitConnections(0);
    }

    @Test
    void whom_there_is_no_room_for_is_closed() throws Exception {
        Listener listener = added(Listener.forClients(settings(LONG).holding(1, 1)));
        try (Wire first = new Wire(secured(listener));
                Wire second = new Wire(listener.port())) {
            assertThat(second.ends()).isTrue();
            assertThat(first.send(Wire.request("GET", "/repo")).readHead()).isEqualTo(503);
        }
    }

    @Test
    void the_last_answer_of_a_connection_ends_in_order() throws Exception {
        Listener listener = listener(LONG);
        try (Wire wire = new Wire(secured(listener))) {
            assertThat(wire.send(Wire.request("GET", "/../repo")).readHead()).isEqualTo(400);
            assertThat(wire.endsInOrder()).isTrue();
        }
    }

    @Test
    void new_connections_are_shown_a_new_certificate_and_old_ones_live_on() throws Exception {
        Listener listener = listener(LONG);
        try (Wire old = new Wire(secured(listener))) {
            assertThat(shown(listener)).isEqualTo("CN=localhost");
            Files.delete(pem.certificate());
            Pem.make(directory, "second.example");

            assertThat(tls.renewed()
                            .changes(OFTEN, Schedulers.boundedElastic())
                            .filter(change -> change instanceof Renewed.Change.Used)
                            .blockFirst(Wire.DEADLINE))
                    .isNotNull();
            assertThat(shown(listener)).isEqualTo("CN=second.example");
            assertThat(old.send(Wire.request("GET", "/repo")).readHead()).isEqualTo(200);
        }
    }

    @Test
    void files_that_cannot_be_used_are_told_of_by_name_and_the_old_ones_stay() throws Exception {
        Listener listener = listener(LONG);
        Files.writeString(pem.certificate(), "broken");

        List<Renewed.Change> changes = Objects.requireNonNull(tls.renewed()
                .changes(OFTEN, Schedulers.boundedElastic())
                .take(OFTEN.multipliedBy(20))
                .collectList()
                .block(Wire.DEADLINE));

        assertThat(changes)
                .singleElement()
                .isInstanceOfSatisfying(Renewed.Change.Unusable.class, unusable -> assertThat(unusable.why())
                        .contains("tls.crt", "tls.key"));
        assertThat(shown(listener)).isEqualTo("CN=localhost");
    }

    @Test
    void files_that_differ_in_their_bytes_alone_are_read() throws Exception {
        FileTime before = Files.getLastModifiedTime(pem.certificate());
        Files.delete(pem.certificate());
        Pem.make(directory, "second.example");
        Files.setLastModifiedTime(pem.certificate(), before);
        Files.setLastModifiedTime(pem.key(), before);

        assertThat(tls.renewed().changes(OFTEN, Schedulers.boundedElastic()).blockFirst(Wire.DEADLINE))
                .isInstanceOf(Renewed.Change.Used.class);
    }

    @Test
    void the_key_of_another_certificate_is_refused() throws Exception {
        Path other = Files.createDirectory(directory.resolve("other"));
        Pem others = Pem.make(other, "other.example");

        assertThatThrownBy(() -> Tls.of(pem.certificate(), others.key(), true))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("tls.crt")
                .hasMessageContaining("other");
        assertThatThrownBy(() -> Tls.of(directory.resolve("none"), pem.key(), true))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("none");
    }

    private Listener listener(Duration head) {
        Listener listener = added(Listener.forClients(settings(head)));
        listener.published.publish(SNAPSHOT);
        return listener;
    }

    private Listener added(Listener listener) {
        listeners.add(listener);
        return listener;
    }

    private ServerSettings settings(Duration head) {
        return new ServerSettings("127.0.0.1", 0, 100, 100, head, LONG, LONG, 1, true, Optional.of(tls));
    }

    private static HttpRequest request(String url) {
        return HttpRequest.newBuilder(URI.create(url)).timeout(Wire.DEADLINE).build();
    }

    private static String shown(Listener listener) throws Exception {
        try (SSLSocket socket = secured(listener)) {
            socket.startHandshake();
            return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
                    .getSubjectX500Principal()
                    .getName();
        }
    }

    private static SSLSocket secured(Listener listener) throws Exception {
        return (SSLSocket) trusting().getSocketFactory().createSocket("127.0.0.1", listener.port());
    }

    private static SSLContext trusting() throws Exception {
        SSLContext trusting = SSLContext.getInstance("TLS");
        trusting.init(new KeyManager[0], InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), new SecureRandom());
        return trusting;
    }
}
