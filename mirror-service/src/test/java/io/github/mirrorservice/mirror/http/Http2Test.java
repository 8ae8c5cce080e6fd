package io.github.mirrorservice.mirror.http;

import static io.github.mirrorservice.mirror.http.Http2Wire.DATA;
import static io.github.mirrorservice.mirror.http.Http2Wire.GOAWAY;
import static io.github.mirrorservice.mirror.http.Http2Wire.HEADERS;
import static io.github.mirrorservice.mirror.http.Http2Wire.PING;
import static io.github.mirrorservice.mirror.http.Http2Wire.RST_STREAM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.mirrorservice.mirror.http.Http2Wire.Frame;
import io.github.mirrorservice.mirror.opam.Snapshot;
import io.netty.handler.codec.http.HttpMethod;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

/** HTTP/2 with clients that begin with it. */
final class Http2Test {

    private static final int LARGE = 3_000_000;
    private static final int UNBOUNDED = Integer.MAX_VALUE;
    private static final int STREAMS = 60;
    private static final int NO_ERROR = 0;
    private static final int PROTOCOL_ERROR = 1;
    private static final int CANCEL = 8;
    private static final Snapshot SNAPSHOT = Samples.snapshot(LARGE);
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(600);

    private final List<Listener> listeners = new ArrayList<>();

    /** Of this test alone: a pool remembers its last exchanges, bodies and all, for as long as it lives. */
    private final ConnectionProvider connections = ConnectionProvider.create("test");

    @AfterEach
    void close() {
        connections.disposeLater().block(Wire.DEADLINE);
        listeners.forEach(Listener::close);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /index.tar.gz, '', '', 200",
        "GET, /repo, '', '', 200",
        "HEAD, /index.tar.gz, '', '', 200",
        "GET, /index.tar.gz, range, bytes=100000-1999999, 206",
        "GET, /index.tar.gz, if-none-match, *, 304",
        "GET, /nothing, '', '', 404",
        "GET, /repo, if-match, \"other\", 412",
        "POST, /repo, '', '', 405",
        "GET, /status, '', '', 200"
    })
    void an_answer_is_the_same_as_over_http_1(String method, String path, String name, String value, int status)
            throws IOException {
        Listener listener = listener(LONG, LONG);
        String[] header = name.isEmpty() ? new String[0] : new String[] {name + ": " + value};
        Wire.Reply expected = Wire.ask(listener.port(), method, path, header);

        Reply reply = Objects.requireNonNull(client(listener)
                .headers(headers -> {
                    if (!name.isEmpty()) {
                        headers.set(name, value);
                    }
                })
                .request(HttpMethod.valueOf(method))
                .uri(path)
                .responseSingle((response, body) -> body.asByteArray()
                        .defaultIfEmpty(new byte[0])
                        .map(bytes -> new Reply(
                                response.status().code(),
                                response.responseHeaders().get("etag"),
                                bytes)))
                .block(Wire.DEADLINE));

        assertThat(reply.status).isEqualTo(status).isEqualTo(expected.status());
        assertThat(Optional.ofNullable(reply.etag)).isEqualTo(expected.header("etag"));
        assertThat(reply.body).isEqualTo(expected.body());
    }

    @Test
    void many_streams_of_one_connection_are_served_at_once() throws IOException {
        Listener listener = listener(LONG, LONG);
        Map<Integer, CRC32> bodies = new HashMap<>();
        try (Http2Wire wire = Http2Wire.open(listener.port(), UNBOUNDED)) {
            wire.window(0, UNBOUNDED - Http2Wire.ROOM);
            for (int number = 0; number < STREAMS; number++) {
                wire.get(2 * number + 1, "/index.tar.gz");
            }
            for (int ended = 0; ended < STREAMS; ) {
                Frame data = wire.await(frame -> frame.type() == DATA);
                bodies.computeIfAbsent(data.stream(), stream -> new CRC32()).update(data.payload());
                if (data.ends()) {
                    assertThat(bodies).as("begun before one has ended").hasSizeGreaterThan(1);
                    ended++;
                }
            }
        }
        CRC32 index = new CRC32();
        index.update(Samples.bytes(SNAPSHOT.index()));
        assertThat(bodies.values()).extracting(CRC32::getValue).containsOnly(index.getValue());
        listener.awaitCounted(Map.of("GET /index.tar.gz 200", (long) STREAMS));
    }

    @Test
    void a_refused_request_ends_its_stream_and_not_the_connection() throws IOException {
        Listener listener = listener(LONG, LONG);
        try (Http2Wire wire = Http2Wire.open(listener.port(), UNBOUNDED)) {
            wire.get(1, "/../repo").get(3, "/repo%2F");
            assertThat(wire.await(HEADERS, 1).status()).isEqualTo(400);
            assertThat(wire.await(HEADERS, 3).status()).isEqualTo(400);
            wire.get(5, "/repo");
            assertThat(wire.await(HEADERS, 5).status()).isEqualTo(200);
            assertThat(wire.await(DATA, 5).payload()).asString().contains(Samples.REPO.substring(0, 20));
        }
        listener.awaitCounted(Map.of("GET _refused 400", 2L, "GET /repo 200", 1L));
    }

    @ParameterizedTest
    @ValueSource(strings = {":method", ":scheme", ":path"})
    void a_request_that_lacks_a_part_of_its_line_ends_its_stream(String lacking) throws IOException {
        Listener listener = listener(LONG, LONG);
        String[][] fields = Stream.of(":method GET", ":scheme http", ":authority localhost", ":path /repo")
                .filter(field -> !field.startsWith(lacking))
                .map(field -> field.split(" "))
                .toArray(String[][]::new);
        try (Http2Wire wire = Http2Wire.open(listener.port(), UNBOUNDED)) {
            wire.headers(1, true, fields);
            assertThat(wire.await(RST_STREAM, 1).error()).isEqualTo(PROTOCOL_ERROR);
            wire.get(3, "/repo");
            assertThat(wire.await(HEADERS, 3).status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "connection|close",
                "keep-alive|timeout=5",
                "proxy-connection|close",
                "transfer-encoding|chunked",
                "upgrade|h2c",
                "te|gzip",
                "X|upper case",
                "x y|a space",
                "x:y|a colon",
                "|no name",
                "x|a\r\ny: b",
                "x|a\nb",
                "x|a\0b",
                ":path|/other",
                ":method|HEAD",
                ":status|200",
                ":other|x",
                "host|elsewhere",
                "content-length|5"
            })
    void a_field_that_others_might_read_in_another_way_ends_its_stream(String field) throws IOException {
        Listener listener = listener(LONG, LONG);
        String[][] fields = Stream.of(
                        ":method|GET", ":scheme|http", ":authority|localhost", ":path|/repo", "a|b", field)
                .map(each -> each.split("\\|", 2))
                .toArray(String[][]::new);
        try (Http2Wire wire = Http2Wire.open(listener.port(), UNBOUNDED)) {
            wire.headers(1, true, fields);
            Frame answer = wire.await(frame -> frame.stream() == 1);
            assertThat(answer.type() == RST_STREAM ? 400 : answer.status()).isEqualTo(400);
            wire.get(3, "/repo");
            assertThat(wire.await(HEADERS, 3).status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "user@localhost|/repo",
                "local/host|/repo",
                "localhost:x|/repo",
                "localhost|http://localhost/repo",
                "localhost|*",
                "localhost|",
                "localhost|/x/../repo",
                "localhost|/%2e%2e/repo",
                "localhost|/repo%00",
                "localhost|/repo#x",
                "localhost|/re po"
            })
    void a_target_that_is_refused_over_http_1_is_refused(String target) throws IOException {
        Listener listener = listener(LONG, LONG);
        String[] parts = target.split("\\|", 2);
        try (Http2Wire wire = Http2Wire.open(listener.port(), UNBOUNDED)) {
            wire.headers(1, true, new String[][] {
                {":method", "GET"}, {":scheme", "http"}, {":authority", parts[0]}, {":path", parts[1]}
            });
            Frame answer = wire.await(frame -> frame.stream() == 1);
            assertThat(answer.type() == RST_STREAM ? 400 : answer.status()).isEqualTo(400);
            wire.get(3, "/repo");
            assertThat(wire.await(HEADERS, 3).status()).isEqualTo(200);
        }
    }

    @Test
    void a_body_is_declined_once_the_answer_is_given() throws IOException {
        Listener listener = listener(LONG, LONG);
        try (Http2Wire wire = Http2Wire.open(listener.port(), UNBOUNDED)) {
            wire.request(1, "POST", "/repo", false).send(DATA, 0, 1, new byte[1_000]);

            wire.await(frame -> frame.stream() == 1 && frame.type() == DATA && frame.ends());
            assertThat(wire.await(RST_STREAM, 1).error()).isEqualTo(NO_ERROR);
            wire.get(3, "/repo");
            assertThat(wire.await(HEADERS, 3).status()).isEqualTo(200);
        }
    }

    @Test
    void a_stream_whose_reader_takes_nothing_is_cut_and_its_neighbours_are_served() throws IOException {
        Listener listener = listener(LONG, SHORT);
        try (Http2Wire wire = Http2Wire.open(listener.port(), 0)) {
            wire.get(1, "/index.tar.gz");
            assertThat(wire.await(HEADERS, 1).status()).isEqualTo(200);
            wire.request(3, "HEAD", "/index.tar.gz", true);
            assertThat(wire.await(HEADERS, 3).ends()).isTrue();

            assertThat(wire.await(RST_STREAM, 1).error()).isEqualTo(CANCEL);
            wire.request(5, "HEAD", "/repo", true);
            assertThat(wire.await(HEADERS, 5).ends()).isTrue();
        }
        listener.awaitCounted(Map.of("GET /index.tar.gz 499", 1L, "HEAD /index.tar.gz 200", 1L, "HEAD /repo 200", 1L));
    }

    @Test
    void a_connection_without_streams_is_closed_though_it_pings() throws IOException {
        Listener listener = listener(SHORT, LONG);
        try (Http2Wire wire = Http2Wire.open(listener.port(), UNBOUNDED)) {
            wire.get(1, "/repo");
            wire.await(frame -> frame.stream() == 1 && frame.ends());
            long begun = System.nanoTime();

            assertThatThrownBy(() -> ping(wire)).isInstanceOf(IOException.class);
            assertThat(Duration.ofNanos(System.nanoTime() - begun))
                    .isBetween(SHORT.dividedBy(2), SHORT.multipliedBy(5));
        }
        listener.awaitConnections(0);
    }

    private static void ping(Http2Wire wire) throws IOException {
        for (Frame frame = wire.send(PING, 0, 0, new byte[8]).read(); frame.type() != GOAWAY; frame = wire.read()) {
            wire.send(PING, 0, 0, new byte[8]);
        }
        throw new IOException("it goes away");
    }

    @Test
    void a_drain_lets_streams_under_way_end_and_no_other_begin() throws Exception {
        Listener listener = listener(LONG, LONG);
        CompletableFuture<Void> drained;
        try (Http2Wire wire = Http2Wire.open(listener.port(), 10_000)) {
            wire.get(1, "/index.tar.gz");
            wire.await(HEADERS, 1);
            drained = listener.server.drain(LONG).toFuture();
            assertThat(wire.await(GOAWAY, 0).error()).isEqualTo(NO_ERROR);
            assertThat(drained).isNotDone();

            wire.window(0, LARGE).window(1, LARGE);
            wire.await(frame -> frame.stream() == 1 && frame.ends());
            assertThat(wire.ends()).isTrue();
        }
        drained.get(4, TimeUnit.SECONDS);
        listener.awaitCounted(Map.of("GET /index.tar.gz 200", 1L));
    }

    @Test
    void a_drain_lets_a_slow_reader_read_its_last_answer_to_the_end() throws Exception {
        Listener listener = listener(LONG, LONG);
        CompletableFuture<Void> drained;
        try (Http2Wire wire = Http2Wire.open(listener.port(), LARGE)) {
            wire.window(0, UNBOUNDED / 2).get(1, "/index.tar.gz");
            wire.await(HEADERS, 1);
            drained = listener.server.drain(LONG).toFuture();
            int length = 0;
            while (length < LARGE) {
                int read = wire.await(DATA, 1).payload().length;
                length += read;
                wire.window(0, Math.max(1, read));
                LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
            }
            assertThat(length).isEqualTo(LARGE);
        }
        drained.get(4, TimeUnit.SECONDS);
    }

    @Test
    void an_error_of_one_stream_leaves_its_neighbours_alone() throws IOException {
        Listener listener = listener(LONG, LONG);
        try (Http2Wire wire = Http2Wire.open(listener.port(), 1_000)) {
            wire.get(1, "/index.tar.gz").get(3, "/index.tar.gz").window(3, 0);
            assertThat(wire.await(frame -> frame.type() == RST_STREAM || frame.type() == GOAWAY)
                            .error())
                    .isEqualTo(PROTOCOL_ERROR);
            wire.window(0, LARGE).window(1, LARGE);
            assertThat(wire.await(frame -> frame.stream() == 1 && frame.ends()).type())
                    .isEqualTo(DATA);
        }
    }

    @Test
    void a_drain_closes_a_connection_that_rests() throws Exception {
        Listener listener = listener(LONG, LONG);
        try (Http2Wire wire = Http2Wire.open(listener.port(), UNBOUNDED)) {
            wire.get(1, "/repo");
            wire.await(frame -> frame.stream() == 1 && frame.ends());

            listener.server.drain(LONG).toFuture().get(10, TimeUnit.SECONDS);
            assertThat(wire.ends()).isTrue();
        }
    }

    @Test
    void a_stream_whose_reader_takes_little_for_ever_is_cut_in_the_end() throws IOException {
        Listener listener = listener(LONG, SHORT, LARGE);
        try (Http2Wire wire = Http2Wire.open(listener.port(), 1_000)) {
            wire.get(1, "/index.tar.gz");
            Frame frame = wire.read();
            for (; frame.type() != RST_STREAM; frame = wire.read()) {
                if (frame.type() == DATA && frame.payload().length > 0) {
                    LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
                    wire.window(1, 1_000).window(0, 1_000);
                }
            }
            assertThat(frame.error()).isEqualTo(CANCEL);
        }
        listener.awaitCounted(Map.of("GET /index.tar.gz 499", 1L));
    }

    @Test
    void a_preface_may_come_drop_by_drop() throws IOException {
        Listener listener = listener(LONG, LONG);
        try (Wire wire = new Wire(listener.port())) {
            wire.drip(Http2Wire.PREFACE).send("\0\0\0\4\0\0\0\0\0");
            assertThat(wire.exactly(4)[3]).isEqualTo((byte) Http2Wire.SETTINGS);
        }
    }

    @Test
    void a_preface_that_never_ends_is_not_waited_for() throws IOException {
        Listener listener = listener(SHORT, LONG);
        try (Wire wire = new Wire(listener.port())) {
            assertThat(wire.send(Http2Wire.PREFACE.substring(0, 10)).ends()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({"POST, 405", "PRI, 405", "PROPFIND, 405"})
    void a_request_that_begins_like_the_preface_is_one_of_http_1(String method, int status) throws IOException {
        Listener listener = listener(LONG, LONG);
        assertThat(Wire.ask(listener.port(), method, "/repo").status()).isEqualTo(status);
    }

    @Test
    void where_it_is_off_it_is_not_spoken() throws IOException {
        Listener listener = added(Listener.forClients());
        try (Wire wire = new Wire(listener.port())) {
            assertThat(wire.send(Http2Wire.PREFACE).readHead()).isEqualTo(505);
        }
    }

    /** Otherwise one address could take all the room there is, a hundred answers on each of its connections. */
    @Test
    void streams_count_as_connections_for_as_long_as_they_last() throws IOException {
        Listener listener = added(Listener.forClients(
                Listener.SETTINGS.speaking(true, Optional.empty()).holding(10, 4)));
        listener.published.publish(SNAPSHOT);
        try (Http2Wire wire = Http2Wire.open(listener.port(), 0)) {
            for (int stream = 1; stream <= 5; stream += 2) {
                wire.get(stream, "/index.tar.gz");
                assertThat(wire.await(HEADERS, stream).status()).isEqualTo(200);
            }
            assertThat(Wire.get(listener.port(), "/repo").status()).isEqualTo(503);
            for (int stream = 7; stream < 1_000; stream += 2) {
                wire.get(stream, "/repo");
                assertThat(wire.await(frame -> frame.type() == HEADERS || frame.type() == GOAWAY))
                        .returns(HEADERS, Frame::type)
                        .returns(true, Frame::ends);
            }
            assertThat(listener.counted()).containsEntry("_OTHER _refused 503", 1L + 497);

            wire.send(RST_STREAM, 0, 1, new byte[] {0, 0, 0, CANCEL}).get(1_001, "/repo");

            assertThat(wire.await(HEADERS, 1_001).status()).isEqualTo(200);
        }
        listener.awaitConnections(0);
        assertThat(Wire.get(listener.port(), "/repo").status()).isEqualTo(200);
    }

    @Test
    void streams_of_all_addresses_are_bounded_with_the_connections() throws IOException {
        Listener listener = added(Listener.forClients(
                Listener.SETTINGS.speaking(true, Optional.empty()).holding(3, 100)));
        listener.published.publish(SNAPSHOT);
        try (Http2Wire wire = Http2Wire.open(listener.port(), 0)) {
            wire.get(1, "/index.tar.gz").get(3, "/index.tar.gz").get(5, "/repo");
            assertThat(wire.await(HEADERS, 5).ends()).isTrue();
        }
        listener.awaitConnections(0);
        assertThat(listener.counted()).containsEntry("_OTHER _refused 503", 1L);
    }

    private Listener listener(Duration rest, Duration write) {
        return listener(rest, write, 1);
    }

    private Listener listener(Duration rest, Duration write, int slowestReader) {
        ServerSettings settings = new ServerSettings(
                "127.0.0.1", 0, 1_000, 1_000, rest, rest, write, slowestReader, true, Optional.empty());
        Listener listener = added(Listener.forClients(settings));
        listener.published.publish(SNAPSHOT);
        return listener;
    }

    private Listener added(Listener listener) {
        listeners.add(listener);
        return listener;
    }

    private HttpClient client(Listener listener) {
        return HttpClient.create(connections)
                .protocol(HttpProtocol.H2C)
                .host("127.0.0.1")
                .port(listener.port())
                .headers(headers -> headers.set("host", "localhost"));
    }

    @SuppressWarnings("ArrayRecordComponent") // read once, never compared
    private record Reply(int status, @Nullable String etag, byte[] body) {}
}
