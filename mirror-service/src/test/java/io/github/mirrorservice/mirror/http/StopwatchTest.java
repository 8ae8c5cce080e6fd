package io.github.mirrorservice.mirror.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorservice.mirror.opam.Snapshot;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class StopwatchTest {

    private static final Snapshot SNAPSHOT = Samples.snapshot(20_000_000);

    private Listener listener;

    @BeforeEach
    void listen() {
        listener = Listener.forClients();
        listener.published.publish(SNAPSHOT);
    }

    @AfterEach
    void close() {
        listener.close();
    }

    @Test
    void every_request_is_counted_once_under_its_route() throws IOException {
        String etag = Wire.get(listener.port(), "/repo").header("etag").orElseThrow();
        Wire.get(listener.port(), "/repo?x=y", "If-None-Match: " + etag);
        Wire.ask(listener.port(), "HEAD", "/index.tar.gz");
        Wire.ask(listener.port(), "POST", "/repo");
        Wire.ask(listener.port(), "BREW", "/repo");
        Wire.get(listener.port(), "/status");
        Wire.get(listener.port(), "/packages/a/b/c");
        Wire.get(listener.port(), "/another");

        listener.awaitCounted(Map.of(
                "GET /repo 200", 1L,
                "GET /repo 304", 1L,
                "HEAD /index.tar.gz 200", 1L,
                "POST /repo 405", 1L,
                "_OTHER /repo 405", 1L,
                "GET /status 200", 1L,
                "GET _unknown 404", 2L));
    }

    @Test
    void refused_requests_are_counted_too() throws IOException {
        Wire.ask(listener.port(), "HEAD", "/../repo");
        try (Wire wire = new Wire(listener.port())) {
            wire.send("\r\n\n").read();
        }

        listener.awaitCounted(Map.of("HEAD _refused 400", 1L, "_OTHER _refused 400", 1L));
    }

    @Test
    void pipelined_requests_are_counted_one_by_one() throws IOException {
        try (Wire wire = new Wire(listener.port())) {
            wire.send(Wire.request("GET", "/repo").repeat(3) + Wire.request("GET", "/none"));
            for (int answer = 0; answer < 4; answer++) {
                wire.read();
            }
        }

        listener.awaitCounted(Map.of("GET /repo 200", 3L, "GET _unknown 404", 1L));
    }

    @Test
    void a_client_that_goes_away_is_counted_once() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), listener.port());
        try (Wire wire = new Wire(socket)) {
            assertThat(wire.send(Wire.request("GET", "/index.tar.gz")).readHead())
                    .isEqualTo(200);
            socket.setSoLinger(true, 0);
        }

        listener.awaitCounted(Map.of("GET /index.tar.gz 499", 1L));
    }
}
