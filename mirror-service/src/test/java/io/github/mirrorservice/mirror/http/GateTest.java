package io.github.mirrorservice.mirror.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class GateTest {

    private static final String HOST = "Host: localhost\r\n";
    private static final String END = "\r\n";

    private Listener listener;

    @BeforeAll
    void listen() {
        listener = Listener.forClients();
        listener.published.publish(Samples.snapshot(1_000));
    }

    @AfterAll
    void close() {
        listener.close();
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                // Host: RFC 9112, section 3.2
                shape("no Host", 400, get("/repo") + END),
                shape("two Hosts", 400, get("/repo") + HOST + HOST + END),
                shape("two Hosts in one line", 400, get("/repo") + "Host: a, b\r\n" + END),
                shape("an empty Host", 400, get("/repo") + "Host:\r\n" + END),
                shape("a Host with a path", 400, get("/repo") + "Host: a/b\r\n" + END),
                shape("a Host with a user", 400, get("/repo") + "Host: a@b\r\n" + END),
                shape("a Host with a port of letters", 400, get("/repo") + "Host: a:b\r\n" + END),
                shape("two Hosts in HTTP/1.0", 400, "GET /repo HTTP/1.0\r\n" + HOST + HOST + END),
                // version: RFC 9112, section 2.3
                shape("HTTP/1.9", 505, "GET /repo HTTP/1.9\r\n" + HOST + END),
                shape("HTTP/2.0", 505, "GET /repo HTTP/2.0\r\n" + HOST + END),
                shape("the preface of HTTP/2", 505, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
                shape("HTTP/0.9 with a version", 505, "GET /repo HTTP/0.9\r\n" + HOST + END),
                shape("no version", 400, "GET /repo\r\n" + HOST + END),
                shape("a version in lower case", 400, "GET /repo http/1.1\r\n" + HOST + END),
                shape("another protocol", 400, "GET /repo RTSP/1.1x\r\n" + HOST + END),
                // lines: RFC 9112, sections 2.2, 3 and 5
                shape("obs-fold", 400, get("/repo") + HOST + "X: a\r\n b\r\n" + END),
                shape("obs-fold by tab", 400, get("/repo") + HOST + "X: a\r\n\tb\r\n" + END),
                shape("white space before the first header", 400, get("/repo") + " " + HOST + END),
                shape("white space before the colon", 400, get("/repo") + "Host : localhost\r\n" + END),
                shape("a header without a colon", 400, get("/repo") + HOST + "nonsense\r\n" + END),
                shape("a header without a name", 400, get("/repo") + HOST + ": value\r\n" + END),
                shape("a header name with a space", 400, get("/repo") + HOST + "X Y: value\r\n" + END),
                shape("bare LF after the request line", 400, "GET /repo HTTP/1.1\n" + HOST + END),
                shape("bare LF after a header", 400, get("/repo") + "Host: localhost\n" + END),
                shape("bare LF as the end", 400, get("/repo") + HOST + "\n"),
                shape("bare CR in a header", 400, get("/repo") + HOST + "X: a\rb\r\n" + END),
                shape("NUL in a header", 400, get("/repo") + HOST + "X: a\0b\r\n" + END),
                shape("two spaces in the request line", 400, "GET  /repo HTTP/1.1\r\n" + HOST + END),
                shape("a tab in the request line", 400, "GET\t/repo HTTP/1.1\r\n" + HOST + END),
                shape("a space before the request line", 400, " GET /repo HTTP/1.1\r\n" + HOST + END),
                shape("a space after the version", 400, "GET /repo HTTP/1.1 \r\n" + HOST + END),
                shape("a method that is no token", 400, "G@T /repo HTTP/1.1\r\n" + HOST + END),
                shape("TLS", 400, "\u0016\u0003\u0001\u0002\0\u0001\0"),
                // target: RFC 9112, section 3.2; RFC 3986, section 3.3
                shape("absolute form", 400, get("http://localhost/repo") + HOST + END),
                shape("authority form", 400, "CONNECT localhost:80 HTTP/1.1\r\n" + HOST + END),
                shape("asterisk form", 400, "OPTIONS * HTTP/1.1\r\n" + HOST + END),
                shape("no slash first", 400, get("repo") + HOST + END),
                shape("a space in the target", 400, get("/re po") + HOST + END),
                shape("/../", 400, get("/x/../repo") + HOST + END),
                shape("/.. at the end", 400, get("/repo/..") + HOST + END),
                shape("/./", 400, get("/./repo") + HOST + END),
                shape("//", 400, get("//repo") + HOST + END),
                shape("// inside", 400, get("/x//repo") + HOST + END),
                shape("%2e%2e", 400, get("/x/%2e%2e/repo") + HOST + END),
                shape("%2E", 400, get("/%2E/repo") + HOST + END),
                shape("an encoded slash", 400, get("/x%2frepo") + HOST + END),
                shape("an encoded backslash", 400, get("/x%5Crepo") + HOST + END),
                shape("an encoded percent", 400, get("/x%252e") + HOST + END),
                shape("a backslash", 400, get("/x\\repo") + HOST + END),
                shape("%00", 400, get("/repo%00") + HOST + END),
                shape("%0d%0a", 400, get("/repo%0d%0aX:y") + HOST + END),
                shape("%7f", 400, get("/repo%7f") + HOST + END),
                shape("%zz", 400, get("/repo%zz") + HOST + END),
                shape("half an escape", 400, get("/repo%2") + HOST + END),
                shape("a control byte", 400, get("/repo\u0001") + HOST + END),
                shape("DEL", 400, get("/repo\u007f") + HOST + END),
                shape("a byte beyond ASCII", 400, get("/rep\u00f6") + HOST + END),
                shape("a byte beyond ASCII in the query", 400, get("/repo?\u00f6") + HOST + END),
                shape("a fragment", 400, get("/repo#x") + HOST + END),
                shape("a fragment after a query", 400, get("/repo?x#y") + HOST + END),
                // body: RFC 9112, section 6
                shape("both lengths", 400, post("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n")),
                shape(
                        "both lengths, the other way",
                        400,
                        post("Transfer-Encoding: chunked\r\nContent-Length: 4\r\n", "0\r\n\r\n")),
                shape("bad chunk framing", 400, post("Transfer-Encoding: chunked\r\n", "zz\r\nx\r\n0\r\n\r\n")),
                shape("chunks", 400, post("Transfer-Encoding: chunked\r\n", "1\r\nx\r\n0\r\n\r\n")),
                shape("a coding that is not chunked", 400, post("Transfer-Encoding: gzip\r\n", "x")),
                shape("chunked twice", 400, post("Transfer-Encoding: chunked, chunked\r\n", "0\r\n\r\n")),
                shape(
                        "chunks in HTTP/1.0",
                        400,
                        "POST /repo HTTP/1.0\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                shape("a body with GET", 400, get("/repo") + HOST + "Content-Length: 5\r\n\r\nhello"),
                shape("a body with HEAD", 400, "HEAD /repo HTTP/1.1\r\n" + HOST + "Content-Length: 5\r\n\r\nhello"),
                shape("chunks with GET", 400, get("/repo") + HOST + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                shape("two lengths that differ", 400, post("Content-Length: 4\r\nContent-Length: 5\r\n", "hello")),
                shape("two lengths that agree", 400, post("Content-Length: 5\r\nContent-Length: 5\r\n", "hello")),
                shape("two lengths in one line", 400, post("Content-Length: 5, 5\r\n", "hello")),
                shape("a length with another behind it", 400, post("Content-Length: 5;5\r\n", "hello")),
                shape("a length with a space in it", 400, post("Content-Length: 1 5\r\n", "hello")),
                shape("a length of nothing", 400, post("Content-Length:\r\n", "hello")),
                shape("a length beyond all numbers", 400, post("Content-Length: 99999999999999999999\r\n", "hello")),
                shape("a coding of nothing", 400, post("Transfer-Encoding:\r\n", "0\r\n\r\n")),
                shape("a coding behind a tab", 400, post("Transfer-Encoding:\tchunked\r\n", "0\r\n\r\n")),
                shape(
                        "a space before the colon of a coding",
                        400,
                        post("Transfer-Encoding : chunked\r\n", "0\r\n\r\n")),
                shape(
                        "a length and a coding in the line below",
                        400,
                        post("Content-Length: 5\r\n Transfer-Encoding: chunked\r\n", "0\r\n\r\n")),
                shape("a length with a sign", 400, post("Content-Length: +5\r\n", "hello")),
                shape("a negative length", 400, post("Content-Length: -5\r\n", "hello")),
                shape("a length in hex", 400, post("Content-Length: 0x5\r\n", "hello")),
                // expectations and sizes: RFC 9110, sections 10.1.1 and 15.5.15; RFC 6585, section 5
                shape("another expectation", 417, get("/repo") + HOST + "Expect: the-unexpected\r\n" + END),
                shape("a long target", 414, get("/" + "x".repeat(5_000)) + HOST + END),
                shape("many headers", 431, get("/repo") + HOST + "a:b\r\n".repeat(100) + END),
                shape("a large head", 431, get("/repo") + HOST + ("X: " + "y".repeat(1_000) + "\r\n").repeat(9) + END));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("refused")
    void an_ambiguous_request_is_refused_and_others_are_answered(String shape, int status, String request)
            throws IOException {
        try (Wire wire = new Wire(listener.port())) {
            wire.send(request);
            assertThat(wire.read(method(request)).status()).isEqualTo(status);
            assertThat(wire.ends()).isTrue();
        }
        assertThat(Wire.get(listener.port(), "/repo").status()).isEqualTo(200);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("refused")
    void it_is_refused_when_it_comes_byte_by_byte(String shape, int status, String request) throws IOException {
        try (Wire wire = new Wire(listener.port())) {
            wire.drip(request);
            assertThat(wire.read(method(request)).status()).isEqualTo(status);
            assertThat(wire.ends()).isTrue();
        }
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("refused")
    void it_is_refused_in_its_turn_after_a_good_one(String shape, int status, String request) throws IOException {
        try (Wire wire = new Wire(listener.port())) {
            wire.send(get("/index.tar.gz") + HOST + END + request + get("/repo") + HOST + END);
            assertThat(wire.read().body()).hasSize(1_000);
            assertThat(wire.read(method(request)).status()).isEqualTo(status);
            assertThat(wire.ends()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /repo HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /repo HTTP/1.1\r\nHost: localhost:8080\r\n\r\n",
                "GET /repo HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n",
                "GET /repo HTTP/1.1\r\nHost: my_mirror.example.org.\r\n\r\n",
                "GET /repo HTTP/1.1\r\nhost:localhost\r\n\r\n",
                "GET /repo HTTP/1.1\r\nHost: \tlocalhost \t\r\n\r\n",
                "GET /repo?x=%2e%2e/y HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /repo HTTP/1.1\r\nHost: localhost\r\nUser-Agent: caf\u00e9\r\n\r\n",
                "GET /repo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n",
                "GET /repo HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n\r\n",
                "GET /repo HTTP/1.1\r\nHost: localhost\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n",
                "GET /repo HTTP/1.0\r\n\r\n",
                "\r\nGET /repo HTTP/1.1\r\nHost: localhost\r\n\r\n",
            })
    void a_plain_request_passes_whole_and_byte_by_byte(String request) throws IOException {
        try (Wire wire = new Wire(listener.port())) {
            assertThat(wire.send(request).read().text()).isEqualTo(Samples.REPO);
        }
        try (Wire wire = new Wire(listener.port())) {
            assertThat(wire.drip(request).read().text()).isEqualTo(Samples.REPO);
        }
    }

    @Test
    void an_escaped_path_that_is_not_served_is_not_found_rather_than_refused() throws IOException {
        assertThat(Wire.get(listener.port(), "/a%20b").status()).isEqualTo(404);
    }

    @Test
    void pipelined_requests_are_answered_in_order() throws IOException {
        try (Wire wire = new Wire(listener.port())) {
            wire.send(Wire.request("GET", "/repo")
                    + Wire.request("GET", "/nothing")
                    + Wire.request("HEAD", "/index.tar.gz"));
            assertThat(wire.read().status()).isEqualTo(200);
            assertThat(wire.read().status()).isEqualTo(404);
            assertThat(wire.read("HEAD").header("content-length")).contains("1000");
        }
    }

    @Test
    void a_flood_of_requests_behind_a_slow_reader_waits_with_its_sender() throws IOException {
        int flood = 10_000;
        listener.published.publish(Samples.snapshot(20_000_000));
        try (Wire wire = new Wire(listener.port())) {
            wire.send(Wire.request("GET", "/index.tar.gz")
                    + Wire.request("GET", "/repo").repeat(flood));
            assertThat(wire.read().body()).hasSize(20_000_000);
            for (int answer = 0; answer < flood; answer++) {
                assertThat(wire.read().text()).isEqualTo(Samples.REPO);
            }
        } finally {
            listener.published.publish(Samples.snapshot(1_000));
        }
    }

    /** Complete or not: fields that have come take fifty times their bytes where they are kept as objects. */
    @Test
    void a_head_of_too_many_fields_is_refused_before_it_ends() throws IOException {
        try (Wire wire = new Wire(listener.port())) {
            wire.send("GET /repo HTTP/1.1\r\nHost: x\r\n" + "a:\r\n".repeat(150));
            assertThat(wire.read().status()).isEqualTo(431);
        }
    }

    @Test
    void a_body_is_not_read_and_its_request_is_answered_by_its_head() throws IOException {
        try (Wire wire = new Wire(listener.port())) {
            wire.send("PUT /repo HTTP/1.1\r\n" + HOST + "Content-Length: 28\r\n\r\nGET /repo HTTP/1.1\r\nHost: x\r\n");
            assertThat(wire.read().status()).isEqualTo(405);
            assertThat(wire.ends()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "\0", "\r\n\r\n"})
    void a_large_body_does_not_cost_its_sender_the_answer(String body) throws IOException {
        try (Wire wire = new Wire(listener.port())) {
            String whole = body.repeat(30_000_000 / body.length());
            wire.send("PUT /repo HTTP/1.1\r\n" + HOST + "Content-Length: " + whole.length() + "\r\n\r\n" + whole);
            assertThat(wire.read().status()).isEqualTo(405);
            assertThat(wire.endsInOrder()).isTrue();
        }
    }

    private static Arguments shape(String name, int status, String request) {
        return arguments(name, status, request);
    }

    private static String get(String target) {
        return "GET " + target + " HTTP/1.1\r\n";
    }

    private static String post(String headers, String body) {
        return "POST /repo HTTP/1.1\r\n" + HOST + headers + END + body;
    }

    private static String method(String request) {
        return request.startsWith("HEAD") ? "HEAD" : "GET";
    }
}
