package io.github.mirrorservice.mirror.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.github.mirrorservice.mirror.http.Wire.Reply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.scheduler.Schedulers;
import reactor.test.scheduler.VirtualTimeScheduler;

/** What forges send, over real connections. */
final class WebhookTest {

    /** The example of GitHub's documentation: the secret, the body and its signature. */
    private static final String SECRET = "It's a Secret to Everybody";

    private static final String BODY = "Hello, World!";
    private static final String SIGNATURE = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

    private final AtomicInteger started = new AtomicInteger();
    private Listener listener;

    @BeforeEach
    void listen() throws IOException {
        WebhookSecret secret = WebhookSecret.of(SECRET);
        listener = Listener.forForges(
                Listener.SETTINGS.speaking(true, Optional.empty()),
                new Offer.Hook(() -> secret, started::incrementAndGet));
    }

    @AfterEach
    void close() {
        listener.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Hub-Signature-256: sha256=" + SIGNATURE,
                "x-hub-signature: sha256=" + SIGNATURE,
                "X-Gitea-Signature: " + SIGNATURE,
                "X-Forgejo-Signature: " + SIGNATURE,
                "X-Gogs-Signature: " + SIGNATURE,
                "X-Gitlab-Token: " + SECRET,
                "X-Hub-Signature: sha1=01\r\nX-Hub-Signature-256: sha256=" + SIGNATURE
            })
    void who_signs_as_a_forge_does_starts_an_ingest(String header) throws IOException {
        Reply reply = post(BODY, header);

        assertThat(reply.status()).isEqualTo(202);
        assertThat(reply.text()).isEqualTo("{\"outcome\":\"started\"}\n");
        assertThat(started).hasValue(1);
        listener.awaitCounted(Map.of("POST /update 202", 1L));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Other: nothing",
                "X-Hub-Signature-256: " + SIGNATURE,
                "X-Hub-Signature-256: sha256=657107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
                "X-Hub-Signature-256: sha256=",
                "X-Hub-Signature-256: sha256=nothex",
                "X-Hub-Signature: sha1=37e5e5b8e2b1e9ab3f9f1b0b8a3c2c1b2a3d4e5f",
                "X-Gitea-Signature: sha256=" + SIGNATURE,
                "X-Gitlab-Token: It's a Secret to Everybod",
                "Authorization: Bearer " + SECRET
            })
    void whoever_else_asks_is_refused(String header) throws IOException {
        assertThat(post(BODY, header).status()).isEqualTo(403);
        assertThat(post(BODY + "!", header).status()).isEqualTo(403);
        assertThat(started).hasValue(0);
    }

    @Test
    void the_signature_of_another_body_is_none() throws IOException {
        assertThat(post("Hello, World?", "X-Hub-Signature-256: sha256=" + SIGNATURE)
                        .status())
                .isEqualTo(403);
        assertThat(post("", "X-Hub-Signature-256: sha256=" + SIGNATURE).status())
                .isEqualTo(403);
    }

    @Test
    void the_first_call_of_github_is_answered_without_an_ingest() throws IOException {
        Reply reply = post(BODY, "X-Hub-Signature-256: sha256=" + SIGNATURE + "\r\nX-GitHub-Event: ping");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(started).hasValue(0);
    }

    @Test
    void a_large_body_is_taken_and_the_connection_goes_on() throws IOException {
        byte[] body = "x".repeat(3_000_000).getBytes(StandardCharsets.ISO_8859_1);
        try (Wire wire = new Wire(listener.port())) {
            wire.send(head(body.length, "X-Gogs-Signature: " + signature(body)))
                    .send(new String(body, StandardCharsets.ISO_8859_1) + Wire.request("GET", "/status.json"));

            assertThat(wire.read().status()).isEqualTo(202);
            assertThat(wire.read().status()).isEqualTo(200);
        }
    }

    @Test
    void a_body_that_comes_byte_by_byte_is_the_same_body() throws IOException {
        try (Wire wire = new Wire(listener.port())) {
            wire.drip(
                    head(BODY.length(), "X-Gogs-Signature: " + SIGNATURE) + BODY + Wire.request("GET", "/status.json"));

            assertThat(wire.read().status()).isEqualTo(202);
            assertThat(wire.read().status()).isEqualTo(200);
        }
    }

    @Test
    void what_is_larger_than_any_forge_sends_is_refused_before_it_is_read() throws IOException {
        try (Wire wire = new Wire(listener.port())) {
            Reply reply = wire.send(head((int) Webhook.LARGEST + 1, "X-Gogs-Signature: " + SIGNATURE))
                    .read();

            assertThat(reply.status()).isEqualTo(413);
            assertThat(reply.header("connection")).contains("close");
        }
    }

    @Test
    void chunks_and_expectations_are_refused() throws IOException {
        assertThat(Wire.ask(listener.port(), "POST", "/update", "Transfer-Encoding: chunked")
                        .status())
                .isEqualTo(400);
        assertThat(Wire.ask(listener.port(), "POST", "/update", "Content-Length: 5", "Expect: 100-continue")
                        .status())
                .isEqualTo(417);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 13\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding: chunked\r\nContent-Length: 13",
                "Transfer-Encoding: identity\r\nContent-Length: 13",
                "Content-Length: 13\r\nContent-Length: 5",
                "Content-Length: 5\r\nContent-Length: 13",
                "Content-Length: 13\r\nContent-Length: 13",
                "Content-Length: 13, 13",
                "Content-Length: +13",
                "Content-Length: 0x0d",
                "Content-Length: 13;13",
                "Content-Length : 13",
                "Content-Length:\r\n 13"
            })
    void a_body_whose_end_is_unsure_is_refused_and_nothing_behind_it_is_heard(String headers) throws IOException {
        try (Wire wire = new Wire(listener.port())) {
            wire.send(Wire.request("POST", "/update", headers, "X-Gogs-Signature: " + SIGNATURE)
                    + BODY
                    + Wire.request("GET", "/status.json"));
            assertThat(wire.read().status()).isEqualTo(400);
            assertThat(wire.toEnd()).isEmpty();
        }
        assertThat(started).hasValue(0);
    }

    @Test
    void a_body_that_ends_before_its_end_is_none_though_what_came_is_signed() throws IOException {
        try (Wire wire = new Wire(listener.port())) {
            wire.send(head(BODY.length() + 1, "X-Gogs-Signature: " + SIGNATURE) + BODY)
                    .endsItsSide();
            assertThat(wire.toEnd()).isEmpty();
        }
        listener.awaitCounted(Map.of("POST /update 499", 1L));
        assertThat(started).hasValue(0);
    }

    @Test
    @Timeout(20)
    void a_body_that_does_not_come_is_not_waited_for() throws IOException {
        VirtualTimeScheduler time = VirtualTimeScheduler.getOrSet();
        try (Wire wire = new Wire(listener.port())) {
            wire.send(head(10, "X-Gogs-Signature: " + SIGNATURE) + "12345");
            while (!wire.isAnswered() && !Thread.currentThread().isInterrupted()) {
                time.advanceTimeBy(Duration.ofSeconds(30)); // it may be that nobody waits yet
                Thread.onSpinWait();
            }
            assertThat(wire.read().status()).isEqualTo(408);
            assertThat(wire.ends()).isTrue();
        } finally {
            VirtualTimeScheduler.reset();
        }
        assertThat(started).hasValue(0);
    }

    @Test
    void who_calls_again_with_a_signature_that_was_seen_starts_no_more_than_an_ingest() throws IOException {
        try (Wire wire = new Wire(listener.port())) {
            for (int call = 1; call <= 3; call++) {
                wire.send(head(BODY.length(), "X-Gogs-Signature: " + SIGNATURE) + BODY);
                assertThat(wire.read().text()).isEqualTo("{\"outcome\":\"started\"}\n");
                assertThat(started).hasValue(call);
            }
        }
    }

    @Test
    void only_so_many_bodies_are_read_at_once_and_who_leaves_makes_room() throws IOException {
        List<Wire> all = new ArrayList<>();
        try {
            for (int number = 0; number < Webhook.MOST; number++) {
                all.add(new Wire(listener.port()).send(head(10, "X-Gogs-Signature: " + SIGNATURE) + "12345"));
            }
            listener.awaitConnections(Webhook.MOST);
            Reply refused = post(BODY, "X-Gogs-Signature: " + SIGNATURE);
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.header("retry-after")).contains("5");

            all.remove(0).close();
            listener.awaitCounted(Map.of("POST /update 499", 1L, "POST /update 503", 1L));
            assertThat(post(BODY, "X-Gogs-Signature: " + SIGNATURE).status()).isEqualTo(202);
        } finally {
            for (Wire wire : all) {
                wire.close();
            }
        }
    }

    @Test
    void a_stream_of_http_2_is_as_good() throws IOException {
        try (Http2Wire wire = Http2Wire.open(listener.port(), 65_535)) {
            wire.headers(1, false, fields(SIGNATURE))
                    .send(Http2Wire.DATA, Http2Wire.END_STREAM, 1, BODY.getBytes(US_ASCII));
            assertThat(wire.await(Http2Wire.DATA, 1).payload()).asString().contains("started");

            wire.headers(3, false, fields(SIGNATURE)).send(Http2Wire.DATA, Http2Wire.END_STREAM, 3, new byte[5]);
            assertThat(wire.await(Http2Wire.DATA, 3).payload()).asString().contains("not signed");

            wire.headers(5, true, fields(signature(new byte[0])));
            assertThat(wire.await(Http2Wire.DATA, 5).payload()).asString().contains("started");
        }
        assertThat(started).hasValue(2);
    }

    @Test
    void a_stream_that_says_nothing_of_its_length_is_cut_where_no_forge_would_go_on() throws IOException {
        byte[] frame = new byte[16_000];
        try (Http2Wire wire = Http2Wire.open(listener.port(), 65_535)) {
            wire.headers(1, false, fields(SIGNATURE));
            for (long sent = 0; sent <= Webhook.LARGEST; sent += frame.length) {
                wire.sendWithinWindow(1, frame);
            }
            assertThat(wire.await(Http2Wire.DATA, 1).payload()).asString().contains("no forge sends more");
        }
    }

    private static String[][] fields(String signature) {
        return new String[][] {
            {":method", "POST"},
            {":scheme", "http"},
            {":authority", "localhost"},
            {":path", "/update"},
            {"x-hub-signature-256", "sha256=" + signature}
        };
    }

    @Test
    void it_is_for_posting_alone_and_not_there_without_a_secret() throws IOException {
        Reply get = Wire.get(listener.port(), "/update");
        assertThat(get.status()).isEqualTo(405);
        assertThat(get.header("allow")).contains("POST");
        try (Listener without = Listener.forClients()) {
            assertThat(Wire.ask(without.port(), "POST", "/update", "Content-Length: 5")
                            .status())
                    .isEqualTo(404);
        }
    }

    @Test
    void other_paths_take_no_body_still() throws IOException {
        Reply reply = Wire.ask(listener.port(), "POST", "/repo", "Content-Length: 5");

        assertThat(reply.status()).isEqualTo(405);
        assertThat(reply.header("connection")).contains("close");
    }

    @Test
    void a_secret_file_is_read_without_its_line_end(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("secret"), SECRET + "\r\n");

        assertThat(WebhookSecret.in(file).current().is(SECRET)).isTrue();
    }

    @Test
    void a_secret_that_is_replaced_is_used_and_one_that_is_none_is_not(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("secret"), SECRET);
        Renewed<WebhookSecret> secret = WebhookSecret.in(file);

        Files.writeString(file, "another secret of some length");
        assertThat(change(secret)).isInstanceOf(Renewed.Change.Used.class);
        assertThat(secret.current().is("another secret of some length")).isTrue();

        Files.writeString(file, "short");
        assertThat(change(secret)).isInstanceOf(Renewed.Change.Unusable.class);
        assertThat(secret.current().is("another secret of some length")).isTrue();
    }

    private static Renewed.Change change(Renewed<?> renewed) {
        return Objects.requireNonNull(renewed.changes(Duration.ofMillis(10), Schedulers.boundedElastic())
                .blockFirst(Wire.DEADLINE));
    }

    @Test
    void what_is_no_secret_is_said_to_be_none(@TempDir Path directory) throws IOException {
        Path shorter = Files.writeString(directory.resolve("short"), "hunter2\n");
        Path longer = Files.writeString(directory.resolve("long"), "x".repeat(5_000));

        assertThatIOException()
                .isThrownBy(() -> WebhookSecret.in(shorter))
                .withMessageContaining("openssl rand")
                .withMessageNotContaining("hunter2");
        assertThatIOException().isThrownBy(() -> WebhookSecret.in(longer)).withMessageContaining("4096");
    }

    private Reply post(String body, String header) throws IOException {
        try (Wire wire = new Wire(listener.port())) {
            return wire.send(head(body.length(), header) + body).read();
        }
    }

    private static String head(int length, String header) {
        return Wire.request("POST", "/update", "Content-Length: " + length, header);
    }

    private static String signature(byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
